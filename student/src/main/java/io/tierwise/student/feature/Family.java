package io.tierwise.student.feature;

/** The kinds of feature. The seeds keep equal bytes of different kinds apart. */
enum Family {
  WORD(0x3c6ef372, 1.0),
  BIGRAM(0xa54ff53a, 1.4),
  GRAM(0x510e527f, 0.4);

  private final int seed;
  private final double weight;

  Family(int seed, double weight) {
    this.seed = seed;
    this.weight = weight;
  }

  int seed() {
    return seed;
  }

  /** What one occurrence counts before the bag is normalised. */
  double weight() {
    return weight;
  }
}
