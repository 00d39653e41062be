package io.tierwise.router.request;

import java.util.ArrayList;
import java.util.List;

/** Whether a caller still waits. Called off once at most, and for good. */
public final class Cancellation {
  /** Of a caller that always waits. */
  public static final Cancellation NEVER = new Cancellation(false);

  private final boolean possible;
  private final List<Runnable> listeners = new ArrayList<>();
  private boolean cancelled;

  private Cancellation(boolean possible) {
    this.possible = possible;
  }

  /** Of a caller that may go away. */
  public static Cancellation possible() {
    return new Cancellation(true);
  }

  /** Tells everyone who listens that the caller has gone. */
  public void cancel() {
    List<Runnable> told;
    synchronized (this) {
      if (!possible || cancelled) {
        return;
      }
      cancelled = true;
      told = List.copyOf(listeners);
      listeners.clear();
    }
    told.forEach(Runnable::run);
  }

  public synchronized boolean cancelled() {
    return cancelled;
  }

  /** Runs this when the caller goes away; at once where it has gone. */
  public void whenCancelled(Runnable listener) {
    synchronized (this) {
      if (!cancelled) {
        if (possible) {
          listeners.add(listener);
        }
        return;
      }
    }
    listener.run();
  }
}
