package io.tierwise.distill.compress;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.Clusterable;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.JDKRandomGenerator;

/**
 * The few examples that stand for all: k-means (k-means++ seeding, Arthur, Vassilvitskii, 2007)
 * over what a large model makes of them, and of every cluster the example nearest to its centre.
 */
final class Prototypes {
  private static final int ITERATIONS = 25;

  private Prototypes() {}

  /**
   * @param indices of the examples that were chosen, ascending
   * @param nearest the prototype of each example, as an index of {@code indices}
   */
  @SuppressWarnings("ArrayRecordComponent") // read in place, never compared
  record Chosen(int[] indices, int[] nearest) {}

  @SuppressWarnings("ArrayRecordComponent") // handed to the library as it is
  private record Point(int index, double[] place) implements Clusterable {
    @Override
    public double[] getPoint() {
      return place;
    }
  }

  /**
   * @param features [examples][dimensions], the large model's
   * @param count of prototypes, at most as many as there are examples
   */
  static Chosen of(float[][] features, int count, long seed) {
    Requirement.positive("prototypes", count);
    if (count > features.length) {
      throw new InvalidValueException(
          "prototypes", count + " of " + features.length + " examples", "ask for fewer");
    }
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      points.add(new Point(i, doubles(features[i])));
    }
    JDKRandomGenerator random = new JDKRandomGenerator();
    random.setSeed(seed);
    EuclideanDistance distance = new EuclideanDistance();
    List<CentroidCluster<Point>> clusters =
        new KMeansPlusPlusClusterer<Point>(count, ITERATIONS, distance, random).cluster(points);
    List<int[]> members = new ArrayList<>();
    for (CentroidCluster<Point> cluster : clusters) {
      if (!cluster.getPoints().isEmpty()) {
        members.add(centreFirst(cluster, distance));
      }
    }
    members.sort((one, other) -> Integer.compare(one[0], other[0]));
    int[] indices = members.stream().mapToInt(cluster -> cluster[0]).toArray();
    int[] nearest = new int[features.length];
    for (int cluster = 0; cluster < members.size(); cluster++) {
      for (int example : members.get(cluster)) {
        nearest[example] = cluster;
      }
    }
    return new Chosen(indices, nearest);
  }

  /** A cluster's examples, the one nearest to the centre first. */
  private static int[] centreFirst(CentroidCluster<Point> cluster, EuclideanDistance distance) {
    int[] examples = cluster.getPoints().stream().mapToInt(Point::index).toArray();
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < examples.length; i++) {
      double away =
          distance.compute(cluster.getPoints().get(i).place(), cluster.getCenter().getPoint());
      if (away < least) {
        least = away;
        best = i;
      }
    }
    int first = examples[0];
    examples[0] = examples[best];
    examples[best] = first;
    return examples;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
