package io.tierwise.distill.win;

import io.tierwise.student.win.Forest;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Extremely randomised regression trees (Geurts, Ernst, Wehenkel, 2006): at each node some features
 * are drawn, for each a threshold uniformly between its extremes, and the best of these splits is
 * taken. Every tree sees all examples and has a stream of chance of its own, so the forest is the
 * same on any number of threads.
 */
final class ExtraTrees {
  private final Spec spec;
  private final double[][] inputs;
  private final double[] targets;

  /**
   * @param leastLeaf examples that a leaf has at least
   * @param share of the features that are drawn at a node
   */
  record Spec(int trees, int leastLeaf, double share) {}

  private ExtraTrees(Spec spec, double[][] inputs, double[] targets) {
    this.spec = spec;
    this.inputs = inputs;
    this.targets = targets;
  }

  static Forest fit(Spec spec, double[][] inputs, double[] targets, long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    SplittableRandom[] streams = new SplittableRandom[spec.trees()];
    for (int tree = 0; tree < streams.length; tree++) {
      streams[tree] = chance.split();
    }
    ExtraTrees trees = new ExtraTrees(spec, inputs, targets);
    Grown[] grown =
        IntStream.range(0, spec.trees())
            .parallel()
            .mapToObj(tree -> trees.grow(streams[tree]))
            .toArray(Grown[]::new);
    return joined(grown);
  }

  private Grown grow(SplittableRandom random) {
    Grown tree = new Grown(2 * (inputs.length / spec.leastLeaf()) + 1);
    int[] order = IntStream.range(0, inputs.length).toArray();
    tree.take();
    grow(tree, 0, order, 0, order.length, random);
    return tree;
  }

  private void grow(Grown tree, int node, int[] order, int from, int to, SplittableRandom random) {
    Split best = to - from < 2 * spec.leastLeaf() ? null : best(order, from, to, random);
    if (best == null) {
      tree.leaf(node, mean(order, from, to));
      return;
    }
    int middle = part(order, from, to, best);
    int left = tree.take();
    tree.take();
    tree.split(node, best.feature(), best.threshold(), left);
    grow(tree, left, order, from, middle, random);
    grow(tree, left + 1, order, middle, to, random);
  }

  private @Nullable Split best(int[] order, int from, int to, SplittableRandom random) {
    int width = inputs[0].length;
    int drawn = Math.max(1, (int) Math.round(spec.share() * width));
    int[] features = IntStream.range(0, width).toArray();
    Split best = null;
    int usable = 0;
    for (int i = 0; i < width && usable < drawn; i++) {
      int other = random.nextInt(i, width);
      int feature = features[other];
      features[other] = features[i];
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int at = from; at < to; at++) {
        low = Math.min(low, inputs[order[at]][feature]);
        high = Math.max(high, inputs[order[at]][feature]);
      }
      if (low < high) {
        usable++;
        Split split = split(order, from, to, feature, (float) random.nextDouble(low, high));
        if (split.gain() > (best == null ? 0 : best.gain())) {
          best = split;
        }
      }
    }
    return best;
  }

  /** With a gain of 0 where a side would be too small. */
  private Split split(int[] order, int from, int to, int feature, float threshold) {
    int left = 0;
    double leftSum = 0;
    double sum = 0;
    for (int at = from; at < to; at++) {
      double target = targets[order[at]];
      sum += target;
      if (inputs[order[at]][feature] < threshold) {
        left++;
        leftSum += target;
      }
    }
    int n = to - from;
    int right = n - left;
    if (left < spec.leastLeaf() || right < spec.leastLeaf()) {
      return new Split(feature, threshold, 0);
    }
    double rightSum = sum - leftSum;
    // What the split takes off the squared error.
    double gain = leftSum * leftSum / left + rightSum * rightSum / right - sum * sum / n;
    return new Split(feature, threshold, gain);
  }

  private int part(int[] order, int from, int to, Split split) {
    int end = from;
    for (int at = from; at < to; at++) {
      if (inputs[order[at]][split.feature()] < split.threshold()) {
        int moved = order[at];
        order[at] = order[end];
        order[end++] = moved;
      }
    }
    return end;
  }

  private float mean(int[] order, int from, int to) {
    double sum = 0;
    for (int at = from; at < to; at++) {
      sum += targets[order[at]];
    }
    return (float) (sum / (to - from));
  }

  private record Split(int feature, float threshold, double gain) {}

  /** The nodes of one tree so far. */
  private static final class Grown {
    private final short[] features;
    private final float[] thresholds;
    private final int[] left;
    private int size;

    Grown(int most) {
      features = new short[most];
      thresholds = new float[most];
      left = new int[most];
    }

    int take() {
      return size++;
    }

    void leaf(int node, float value) {
      features[node] = -1;
      thresholds[node] = value;
    }

    void split(int node, int feature, float threshold, int child) {
      features[node] = (short) feature;
      thresholds[node] = threshold;
      left[node] = child;
    }
  }

  private static Forest joined(Grown[] grown) {
    int nodes = Arrays.stream(grown).mapToInt(tree -> tree.size).sum();
    int[] roots = new int[grown.length];
    short[] features = new short[nodes];
    float[] thresholds = new float[nodes];
    int[] left = new int[nodes];
    int root = 0;
    for (int tree = 0; tree < grown.length; tree++) {
      Grown each = grown[tree];
      roots[tree] = root;
      System.arraycopy(each.features, 0, features, root, each.size);
      System.arraycopy(each.thresholds, 0, thresholds, root, each.size);
      for (int node = 0; node < each.size; node++) {
        left[root + node] = each.features[node] < 0 ? 0 : root + each.left[node];
      }
      root += each.size;
    }
    return new Forest(roots, features, thresholds, left);
  }
}
