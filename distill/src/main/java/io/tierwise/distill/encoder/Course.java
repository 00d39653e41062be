package io.tierwise.distill.encoder;

import java.util.List;

/**
 * One stage of training an encoder.
 *
 * @param firstLayer that is trained; above 0 the lessons hold the states below it
 * @param unknown the token that hides others
 * @param stream the lessons' batches in the order they arrive, each seen once at a steady rate;
 *     empty for lessons that are all there from the start
 */
record Course(
    Objective objective,
    Training training,
    int firstLayer,
    int unknown,
    long seed,
    List<int[]> stream) {

  /** All lessons at hand, the whole encoder trained. */
  static Course whole(Objective objective, Training training, int unknown, long seed) {
    return new Course(objective, training, 0, unknown, seed, List.of());
  }
}
