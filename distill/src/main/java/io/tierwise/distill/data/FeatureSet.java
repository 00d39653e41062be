package io.tierwise.distill.data;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Feature vectors with their labels.
 *
 * @param features [examples][dimensions]
 * @param classes [examples]: indices of labels
 */
@SuppressWarnings("ArrayRecordComponent") // read in place, never compared
public record FeatureSet(List<Label> labels, float[][] features, int[] classes) {
  public FeatureSet {
    labels = List.copyOf(labels);
    if (features.length == 0 || features.length != classes.length) {
      throw new InvalidValueException(
          "examples",
          "there are " + features.length + " with " + classes.length + " labels",
          "give at least one, each with a label");
    }
  }

  /**
   * Answered feature vectors.
   *
   * @throws InvalidValueException where one is a text, of another length, or of no such label
   */
  public static FeatureSet of(List<Label> labels, List<Answered> examples) {
    float[][] features = new float[examples.size()][];
    int[] classes = new int[examples.size()];
    for (int i = 0; i < classes.length; i++) {
      Answered example = examples.get(i);
      if (!(example.input() instanceof Input.Features vector)
          || vector.bytes() != examples.getFirst().input().bytes()) {
        throw new InvalidValueException(
            "examples[" + i + "]",
            "it is no feature vector, or none as long as the first",
            "give rows with features of one length");
      }
      features[i] = vector.toArray();
      classes[i] = labels.indexOf(example.label());
      if (classes[i] < 0) {
        throw new InvalidValueException(
            "examples[" + i + "]",
            "'" + example.label() + "' is no label of the student",
            "leave the row out, or train the student anew");
      }
    }
    return new FeatureSet(labels, features, classes);
  }

  public int size() {
    return classes.length;
  }

  public int dimensions() {
    return features[0].length;
  }

  /** Some of the examples, in this order. */
  public FeatureSet select(int... chosen) {
    float[][] some = new float[chosen.length][];
    int[] their = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      some[i] = features[chosen[i]];
      their[i] = classes[chosen[i]];
    }
    return new FeatureSet(labels, some, their);
  }

  /** As many examples, drawn without looking at them; all where there are no more. */
  public FeatureSet sample(int count, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    return select(order.stream().limit(count).mapToInt(Integer::intValue).toArray());
  }

  /**
   * Five times as many: square images as they are, and shifted by one pixel to each side.
   *
   * @throws InvalidValueException when the vectors are no square images
   */
  public FeatureSet withShifts() {
    int side = (int) Math.round(Math.sqrt(dimensions()));
    if (side * side != dimensions()) {
      throw new InvalidValueException(
          "shifts", dimensions() + " features are no square image", "leave shifts out");
    }
    int[][] moves = {{0, 0}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}};
    float[][] all = new float[size() * moves.length][];
    int[] their = new int[all.length];
    for (int move = 0; move < moves.length; move++) {
      for (int i = 0; i < size(); i++) {
        all[move * size() + i] = shifted(features[i], side, moves[move][0], moves[move][1]);
        their[move * size() + i] = classes[i];
      }
    }
    return new FeatureSet(labels, all, their);
  }

  private static float[] shifted(float[] image, int side, int down, int right) {
    float[] shifted = new float[image.length];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        int fromRow = row - down;
        int fromColumn = column - right;
        if (fromRow >= 0 && fromRow < side && fromColumn >= 0 && fromColumn < side) {
          shifted[row * side + column] = image[fromRow * side + fromColumn];
        }
      }
    }
    return shifted;
  }

  /** SHA-256 of all of it, in hexadecimal. */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer row = ByteBuffer.allocate((dimensions() + 1) * 4).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < size(); i++) {
        row.clear();
        row.putInt(classes[i]);
        for (float value : features[i]) {
          row.putFloat(value);
        }
        digest.update(row.flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
