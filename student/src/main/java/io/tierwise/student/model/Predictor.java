package io.tierwise.student.model;

import io.tierwise.router.request.Input;
import java.util.List;
import java.util.Optional;

/** A student, in this process or in another. Thread-safe. */
public interface Predictor extends AutoCloseable {
  /** The artifact's version. */
  String version();

  /** Whether it reads such an input: text or feature vectors, of the right length. */
  boolean reads(Input input);

  /**
   * One prediction for each input, in their order.
   *
   * @throws PredictorException when it could not answer, as one that is elsewhere may
   * @throws IllegalStateException after {@link #close}
   */
  List<Prediction> predict(List<Input> inputs);

  /** The one behind it, where two are in line; this one closes it. */
  default Optional<? extends Predictor> second() {
    return Optional.empty();
  }

  @Override
  void close();
}
