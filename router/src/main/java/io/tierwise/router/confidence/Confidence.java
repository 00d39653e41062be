package io.tierwise.router.confidence;

import io.tierwise.router.Requirement;

/** How sure a candidate is that the large model would say the same, in [0, 1]. */
public record Confidence(double value) implements Comparable<Confidence> {
  public static final Confidence NONE = new Confidence(0);
  public static final Confidence FULL = new Confidence(1);

  public Confidence {
    Requirement.closedUnit("confidence", value);
  }

  public boolean reaches(Confidence threshold) {
    return value >= threshold.value;
  }

  @Override
  public int compareTo(Confidence other) {
    return Double.compare(value, other.value);
  }
}
