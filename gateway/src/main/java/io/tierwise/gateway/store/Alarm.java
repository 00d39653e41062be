package io.tierwise.gateway.store;

import java.time.Instant;
import java.util.Map;

/**
 * A running contract that was found broken.
 *
 * @param certificate in force then
 * @param evidence E_t when it rang
 * @param audits t: how many audits the watch had seen
 * @param lost how many of them were lost
 */
public record Alarm(
    String task, String certificate, double evidence, long audits, long lost, Instant at) {
  /** What a store outside keeps, field by field. */
  public Map<String, String> fields() {
    return Map.of(
        "alarm.certificate",
        certificate,
        "alarm.evidence",
        Double.toString(evidence),
        "alarm.audits",
        Long.toString(audits),
        "alarm.lost",
        Long.toString(lost),
        "alarm.at",
        at.toString());
  }

  /** What such {@link #fields} say. */
  public static Alarm of(String task, Map<String, String> fields) {
    StoredFields all = new StoredFields("alarm", fields);
    return new Alarm(
        task,
        all.text("alarm.certificate"),
        all.real("alarm.evidence"),
        all.count("alarm.audits"),
        all.count("alarm.lost"),
        all.moment("alarm.at"));
  }
}
