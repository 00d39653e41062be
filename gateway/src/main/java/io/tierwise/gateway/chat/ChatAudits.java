package io.tierwise.gateway.chat;

import io.tierwise.gateway.learning.AuditMessage;
import io.tierwise.gateway.learning.QueuedAudits;
import io.tierwise.gateway.learning.SpooledAudits;
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

  /** In the place of a question that nobody will ask again. */
  private static final Input.Text NOT_NEEDED = new Input.Text("answered by the strong model");

  private final TierName tier;
  private final Task.Classification question;
  private final AuditCoin coin;
  private final Makers makers;

  /**
   * Who makes the audits.
   *
   * @param drawn takes those that are drawn here
   * @param own makes them where no other process does, and knows what all of them cost
   * @param queued makes those that another process has drawn
   * @param mostBytes that the message of an audit may have on its way to another process
   */
  public record Makers(Audits drawn, SpooledAudits own, QueuedAudits queued, int mostBytes) {}

  /**
   * @param tier that proposes
   * @param makers of audits of {@link #question}
   */
  public ChatAudits(TierName tier, Task.Classification question, AuditCoin coin, Makers makers) {
    this.tier = tier;
    this.question = question;
    this.coin = coin;
    this.makers = makers;
  }

  /** What is asked under this name. */
  public static Task.Classification question(String name) {
    return new Task.Classification(name, WinRouter.CHOICES.stream().map(Label::new).toList());
  }

  private static Answer.Classified label(int index) {
    Label label = new Label(WinRouter.CHOICES.get(index));
    return new Answer.Classified(label, Distribution.certain(label));
  }

  /** Makes those that another process has drawn. */
  public QueuedAudits queued() {
    return makers.queued();
  }

  /** Learns what other processes' audits have cost. */
  void refresh() {
    makers.own().refresh();
  }

  /** Whether an audit of this is not too large for its way. */
  boolean takes(ChatCase about) {
    return makers.mostBytes() == Integer.MAX_VALUE
        || AuditMessage.bytes(about.text()) <= makers.mostBytes();
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
    String artifact = opinion.artifact();
    makers
        .drawn()
        .submit(
            artifact == null
                // What no router is asked about, the strong model answers: known, and no loss.
                ? new Audited.Complete(request(kept, NOT_NEEDED), opinion.gate(), List.of(), STRONG)
                : new Audited.Pending(
                    request(kept, new Input.Text(about.text())),
                    opinion.gate(),
                    List.of(proposed(opinion, artifact))));
  }

  private InferenceRequest request(RequestContext context, Input input) {
    return new InferenceRequest.Classify(context, question, input);
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
