package io.tierwise.student.win;

import io.tierwise.router.InvalidValueException;
import java.nio.ByteBuffer;

/**
 * Regression trees whose values are averaged. Nodes of all trees lie in the same arrays, a tree's
 * root before its children; the arrays are handed out as they are, for speed.
 *
 * @param roots first node of each tree
 * @param features what a node looks at; −1 for a leaf
 * @param thresholds below which an input goes left; a leaf's value
 * @param left child where the feature is below the threshold; the right one comes after it
 */
@SuppressWarnings("ArrayRecordComponent") // nodes by the hundred thousand, never compared
public record Forest(int[] roots, short[] features, float[] thresholds, int[] left) {
  private static final int LEAF = -1;

  public Forest {
    int nodes = features.length;
    if (roots.length == 0 || thresholds.length != nodes || left.length != nodes) {
      throw damaged("its arrays do not fit together");
    }
    for (int root : roots) {
      if (root < 0 || root >= nodes) {
        throw damaged("a root is no node");
      }
    }
    for (int node = 0; node < nodes; node++) {
      // Children come later, so that no walk can be endless.
      boolean fits = features[node] == LEAF || (left[node] > node && left[node] + 1 < nodes);
      if (!fits || features[node] < LEAF || !Float.isFinite(thresholds[node])) {
        throw damaged("node " + node + " has no place in it");
      }
    }
  }

  /** The mean over the trees. */
  public double value(double[] input) {
    double sum = 0;
    for (int root : roots) {
      int node = root;
      while (features[node] != LEAF) {
        node = input[features[node]] < thresholds[node] ? left[node] : left[node] + 1;
      }
      sum += thresholds[node];
    }
    return sum / roots.length;
  }

  int bytes() {
    return 2 * Integer.BYTES
        + roots.length * Integer.BYTES
        + features.length * (Short.BYTES + Float.BYTES + Integer.BYTES);
  }

  void write(ByteBuffer to) {
    to.putInt(roots.length).putInt(features.length);
    for (int root : roots) {
      to.putInt(root);
    }
    for (int node = 0; node < features.length; node++) {
      to.putShort(features[node]).putFloat(thresholds[node]).putInt(left[node]);
    }
  }

  /**
   * @param inputs how many numbers an input has
   */
  static Forest read(ByteBuffer from, int inputs) {
    int[] roots = new int[size(from, Integer.BYTES)];
    int nodes = size(from, Short.BYTES + Float.BYTES + Integer.BYTES);
    for (int tree = 0; tree < roots.length; tree++) {
      roots[tree] = from.getInt();
    }
    short[] features = new short[nodes];
    float[] thresholds = new float[nodes];
    int[] left = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      features[node] = from.getShort();
      thresholds[node] = from.getFloat();
      left[node] = from.getInt();
      if (features[node] >= inputs) {
        throw damaged("node " + node + " looks at what no input has");
      }
    }
    return new Forest(roots, features, thresholds, left);
  }

  private static int size(ByteBuffer from, int each) {
    int size = from.getInt();
    if (size < 1 || size > from.remaining() / each) {
      throw damaged("it says to have " + size + " parts");
    }
    return size;
  }

  private static InvalidValueException damaged(String trouble) {
    return new InvalidValueException("forest", trouble, "train the router again");
  }
}
