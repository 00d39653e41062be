package io.tierwise.distill.train;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.ArrayList;
import java.util.Comparator;
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
public final class Prototypes {
  private static final int ITERATIONS = 25;

  private Prototypes() {}

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
   * @return indices of the examples that were chosen, ascending
   */
  public static int[] of(float[][] features, int count, long seed) {
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
    return clusters.stream()
        .filter(cluster -> !cluster.getPoints().isEmpty())
        .mapToInt(cluster -> nearestToCentre(cluster, distance))
        .sorted()
        .toArray();
  }

  private static int nearestToCentre(CentroidCluster<Point> cluster, EuclideanDistance distance) {
    double[] centre = cluster.getCenter().getPoint();
    return cluster.getPoints().stream()
        .min(Comparator.comparingDouble(point -> distance.compute(point.place(), centre)))
        .orElseThrow()
        .index();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
