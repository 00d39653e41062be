package io.tierwise.gateway.store;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One audit: what every cheap tier proposed when the request was answered, and whether the large
 * model said the same.
 *
 * @param artifact the student's that was live then; null when there was none
 * @param certificate that the gate was open under then; null while it was not open
 * @param proposals of the cheap tiers that had a candidate
 * @param verdicts of the cheap tiers that were tried, those without a candidate included
 * @param referenceMissing whether the large model gave no usable answer
 * @param reference the large model's answer; null where it gave none, or an earlier release kept
 *     the audit
 */
public record AuditRow(
    String requestId,
    @Nullable String artifact,
    @Nullable String certificate,
    Map<TierName, AuditSample.Scored> proposals,
    Map<TierName, Verdict> verdicts,
    boolean referenceMissing,
    @Nullable Label reference) {
  public AuditRow {
    proposals = Map.copyOf(proposals);
    verdicts = Map.copyOf(verdicts);
  }

  /** One whose large model's answer is not known. */
  public AuditRow(
      String requestId,
      @Nullable String artifact,
      @Nullable String certificate,
      Map<TierName, AuditSample.Scored> proposals,
      Map<TierName, Verdict> verdicts,
      boolean referenceMissing) {
    this(requestId, artifact, certificate, proposals, verdicts, referenceMissing, null);
  }

  /** The sample for certifying: without a reference, no proposal agrees. */
  public AuditSample sample() {
    return referenceMissing
        ? new AuditSample(
            proposals.entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, entry -> lost(entry.getValue().confidence()))))
        : new AuditSample(proposals);
  }

  /** What it speaks for. */
  public AuditScope scope() {
    return AuditScope.of(certificate, artifact);
  }

  /** What a store outside keeps, field by field. */
  public Map<String, String> fields() {
    Map<String, String> fields = new HashMap<>();
    fields.put("requestId", requestId);
    fields.put("proposals", StoredJson.proposals(proposals));
    fields.put("verdicts", StoredJson.verdicts(verdicts));
    fields.put("referenceMissing", Boolean.toString(referenceMissing));
    if (artifact != null) {
      fields.put("artifact", artifact);
    }
    if (certificate != null) {
      fields.put("certificate", certificate);
    }
    if (reference != null) {
      fields.put("reference", reference.value());
    }
    return fields;
  }

  /** What such {@link #fields} say. */
  public static AuditRow of(Map<String, String> fields) {
    StoredFields all = new StoredFields("audit", fields);
    return new AuditRow(
        all.text("requestId"),
        all.orNull("artifact"),
        all.orNull("certificate"),
        StoredJson.proposals(all.text("proposals")),
        StoredJson.verdicts(all.text("verdicts")),
        Boolean.parseBoolean(all.text("referenceMissing")),
        label(all.orNull("reference")));
  }

  static @Nullable Label label(@Nullable String value) {
    return value == null ? null : new Label(value);
  }

  private static AuditSample.Scored lost(Confidence confidence) {
    return new AuditSample.Scored(confidence, false);
  }
}
