package io.tierwise.distill.ladder;

/** The jobs, as recipes name them. */
enum Job {
  TRANSFER,
  TRAIN,
  DISTILL,
  PRUNE_WEIGHTS,
  PRUNE_NEURONS,
  FACTORIZE,
  EXTRACT,
  QUANTIZE,
  COMPILE,
  FUSE;

  /** Whether it can be made from so many stages; texts bring a teacher's answers themselves. */
  boolean takes(int parents, boolean texts) {
    return switch (this) {
      case TRANSFER, TRAIN -> parents == 0;
      case DISTILL -> parents == 1 || (parents == 0 && texts);
      case FUSE -> parents >= 2;
      case PRUNE_WEIGHTS, PRUNE_NEURONS, FACTORIZE, EXTRACT, QUANTIZE, COMPILE -> parents == 1;
    };
  }

  /** What to write where it is not. */
  String parentsFix() {
    return switch (this) {
      case TRANSFER, TRAIN -> "leave it out";
      case FUSE -> "give two or more";
      case DISTILL, PRUNE_WEIGHTS, PRUNE_NEURONS, FACTORIZE, EXTRACT, QUANTIZE, COMPILE ->
          "give one";
    };
  }
}
