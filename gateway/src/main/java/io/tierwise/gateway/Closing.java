package io.tierwise.gateway;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Closes one thing after another; trouble with one does not keep the others open. */
final class Closing {
  private final List<Exception> troubles = new ArrayList<>();

  /** One thing to be closed. */
  @FunctionalInterface
  interface Step {
    void close() throws Exception;
  }

  void then(Step step) {
    try {
      step.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      troubles.add(e);
    } catch (Exception e) {
      troubles.add(e);
    }
  }

  /**
   * @throws IllegalStateException when there was trouble; the first is its cause
   */
  void end() {
    @Nullable Exception first = null;
    for (Exception trouble : troubles) {
      if (first == null) {
        first = trouble;
      } else {
        first.addSuppressed(trouble);
      }
    }
    if (first != null) {
      throw new IllegalStateException("not everything could be closed", first);
    }
  }
}
