package io.tierwise.gateway.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every task's gate, move by move. Moves are only ever appended, each by whoever knew the one
 * before it, so that of two who decide at once one decides anew. Trouble with the store is a {@link
 * StoreException}.
 */
public interface GateLog {
  /** Where a task's log ends now. */
  Head head(String task);

  /**
   * Appends a move, and with it the alarm that made it; both or neither, and for good.
   *
   * @param revision of the head that the move was decided by
   * @return false when the log has gone on since then; nothing is kept
   */
  boolean append(GateMove move, @Nullable Alarm alarm, long revision);

  /** All moves of a task's gate, oldest first. */
  List<GateMove> moves(String task);

  /**
   * Where a log ends.
   *
   * @param revision grows with every move; 0 before the first
   * @param last null before the first move
   * @param alarm the last one; null when there was none
   */
  record Head(long revision, @Nullable GateMove last, @Nullable Alarm alarm) {}
}
