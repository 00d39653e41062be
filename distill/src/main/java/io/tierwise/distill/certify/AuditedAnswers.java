package io.tierwise.distill.certify;

import io.tierwise.distill.data.Answered;
import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.CorpusRow;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a task's audits say: the large model's answers, and what the semantic cache proposed. */
public final class AuditedAnswers {
  private AuditedAnswers() {}

  /**
   * One audit.
   *
   * @param requestId empty where it is not known
   * @param tenant whose request it was; likewise
   * @param semantic what the semantic cache proposed when the request was answered; null where it
   *     had nothing, or there was none
   * @param semanticTried whether it was asked
   */
  public record Audit(
      String requestId,
      String tenant,
      Answered answered,
      AuditSample.@Nullable Scored semantic,
      boolean semanticTried) {
    /** One of which nothing but the answer is known. */
    public static Audit of(Answered answered) {
      return new Audit("", "", answered, null, false);
    }
  }

  /** The audits that may certify, oldest first; each text that was kept with its proposals. */
  public static List<Audit> of(Corpus corpus, AuditHistory audits, GateStore gates, String task) {
    Map<String, AuditRow> byRequest = new HashMap<>();
    audits.rows(task).forEach(row -> byRequest.put(row.requestId(), row));
    List<Audit> all = new ArrayList<>();
    for (CorpusRow row : corpus.rows(task, true, gates.evidenceSince(task))) {
      Answered answered = new Answered(row.input(), row.label(), row.distribution());
      AuditRow logged = row.requestId() == null ? null : byRequest.get(row.requestId());
      all.add(
          logged == null
              ? new Audit("", row.tenant().name(), answered, null, false)
              : new Audit(
                  logged.requestId(),
                  row.tenant().name(),
                  answered,
                  logged.proposals().get(TierName.SEMANTIC_CACHE),
                  logged.verdicts().containsKey(TierName.SEMANTIC_CACHE)));
    }
    return all;
  }

  static List<Answered> answers(List<Audit> audits) {
    return audits.stream().map(Audit::answered).toList();
  }
}
