package io.tierwise.gateway.chat;

import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Audits;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.win.WinRouter;
import java.time.Duration;
import java.util.List;

/**
 * The audits of one router, or of the cache. A router is a classifier of prompts: it proposes that
 * the weak model will do, with a confidence, and the judge of both models' answers knows the label.
 * So its audits are a task's, and its loss is a task's: it was sure enough, and the label is the
 * other one. A cache proposes the same of an answer that it has kept.
 */
public final class ChatAudits {
  static final Answer.Classified WEAK = label(0);
  static final Answer.Classified STRONG = label(1);

  private final TierName tier;
  private final Task.Classification question;
  private final AuditCoin coin;
  private final Audits audits;

  /**
   * @param tier that proposes
   * @param audits of {@link #question}
   */
  public ChatAudits(TierName tier, Task.Classification question, AuditCoin coin, Audits audits) {
    this.tier = tier;
    this.question = question;
    this.coin = coin;
    this.audits = audits;
  }

  /** What is asked under this name. */
  public static Task.Classification question(String name) {
    return new Task.Classification(name, WinRouter.CHOICES.stream().map(Label::new).toList());
  }

  private static Answer.Classified label(int index) {
    Label label = new Label(WinRouter.CHOICES.get(index));
    return new Answer.Classified(label, Distribution.certain(label));
  }

  /** Whether the next request is audited; to be asked before it is routed. */
  boolean draw() {
    return coin.flipCosting();
  }

  /** Returns once the audit is safe. Who is to be asked is asked later. */
  void submit(RequestContext context, ChatCase about, Opinion opinion) {
    RequestContext kept =
        new RequestContext(
            context.id(),
            context.tenant(),
            context.policy(),
            context.cache(),
            context.receivedAt(),
            context.deadline());
    InferenceRequest request =
        new InferenceRequest.Classify(kept, question, new Input.Text(about.text()));
    String artifact = opinion.artifact();
    audits.submit(
        artifact == null
            // What no router is asked about, the strong model answers: known, and no loss.
            ? new Audited.Complete(request, opinion.gate(), List.of(), STRONG)
            : new Audited.Pending(request, opinion.gate(), List.of(proposed(opinion, artifact))));
  }

  private JudgedAttempt proposed(Opinion opinion, String artifact) {
    return new JudgedAttempt(
        tier,
        new Attempt.Proposed(WEAK, opinion.confidence(), Usage.NONE, artifact),
        opinion.accepted() ? Verdict.ACCEPTED : Verdict.PASSED_ON,
        Money.ZERO,
        Duration.ZERO);
  }
}
