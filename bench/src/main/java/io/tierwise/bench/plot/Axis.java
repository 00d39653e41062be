package io.tierwise.bench.plot;

import java.util.List;

/**
 * A linear axis; where something grows by powers, what stands on it are the powers.
 *
 * @param label what it measures, in its unit
 * @param low where it begins
 * @param high where it ends, above {@code low}
 * @param ticks with what is written at each
 */
public record Axis(String label, double low, double high, List<Tick> ticks) {
  public Axis {
    ticks = List.copyOf(ticks);
  }

  /** A place on the axis and its words. */
  public record Tick(double at, String text) {}

  /** How far along the axis a value is, in [0, 1] for what is on it. */
  double share(double value) {
    return (value - low) / (high - low);
  }
}
