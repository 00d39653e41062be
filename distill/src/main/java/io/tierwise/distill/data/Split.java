package io.tierwise.distill.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A data set in four parts that share no row: to train on, to tune on, to certify on, and to
 * measure on. The same seed gives the same split.
 */
public record Split<T>(List<T> train, List<T> tuning, List<T> calibration, List<T> test) {
  private static final double TRAIN = 0.50;
  private static final double TUNING = 0.05;
  private static final double CALIBRATION = 0.15;

  /** 50 % to train, 5 % to tune, 15 % to calibrate, the remaining 30 % to test. */
  public static <T> Split<T> of(List<T> rows, long seed) {
    List<T> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    int n = shuffled.size();
    int train = (int) Math.round(n * TRAIN);
    int tuning = (int) Math.round(n * TUNING);
    int calibration = (int) Math.round(n * CALIBRATION);
    return new Split<>(
        List.copyOf(shuffled.subList(0, train)),
        List.copyOf(shuffled.subList(train, train + tuning)),
        List.copyOf(shuffled.subList(train + tuning, train + tuning + calibration)),
        List.copyOf(shuffled.subList(train + tuning + calibration, n)));
  }
}
