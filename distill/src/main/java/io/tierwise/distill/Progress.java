package io.tierwise.distill;

/** Hears how far a long job has come. */
@FunctionalInterface
public interface Progress {
  /** A progress that nobody watches. */
  Progress SILENT = (stage, done, total) -> {};

  /**
   * Called often; must be cheap.
   *
   * @param stage what is being done
   * @param done units finished, of {@code total}
   */
  void report(String stage, long done, long total);
}
