package io.tierwise.gateway.store;

import java.time.Instant;
import java.util.List;

/** The audits as they were kept. Trouble with the store is a {@link StoreException}. */
public interface AuditHistory {
  /** All audits of a task, oldest first. */
  List<AuditRow> rows(String task);

  /** The audits of one scope from a place on, in their order; 0 gives all. */
  List<Logged> of(String task, AuditScope scope, long after);

  /** The last audits of one scope since a moment, newest first. */
  List<AuditRow> recent(String task, AuditScope scope, Instant since, int most);

  /** How often the large model contradicted itself when asked again, since ever. */
  Repeats repeats(String task);

  /** What asking the large model the same twice has shown. */
  record Repeats(int asked, int differed) {}

  /**
   * An audit in its place.
   *
   * @param place grows with every audit of the task; what is kept later has a greater one
   */
  record Logged(long place, Instant at, AuditRow row) {}
}
