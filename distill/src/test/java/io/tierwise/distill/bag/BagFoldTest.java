package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.bag.BagFold.Folded;
import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.student.feature.Bag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.junit.jupiter.api.Test;

class BagFoldTest {
  private static final int BUCKETS = 80;
  private static final int DIMENSIONS = 5;

  private final Random random = new Random(3);
  private final WordVectors words = words();
  private final List<Bag> bags = IntStream.range(0, 400).mapToObj(i -> bag()).toList();

  @Test
  void upToTheWidthTheFoldIsTheMeanOfItsMembers() {
    List<BagMember> members = members(32, 0.2f);

    Folded folded = BagFold.fold(members, words, lessons(32));

    assertEquals(32, folded.width());
    for (Bag bag : bags) {
      assertArrayEquals(mean(members, bag), logits(folded, bag), 1e-4);
    }
  }

  @Test
  void aTextOfWordsThatTrainingNeverSawStillMeansSomething() {
    List<BagMember> members = members(3, 0.2f);
    Bag unseen = new Bag(new int[] {BUCKETS + 7}, new float[] {1});

    double[] logits = logits(BagFold.fold(members, words, lessons(3)), unseen);

    assertArrayEquals(mean(members, unseen), logits, 1e-4);
    assertTrue(Math.abs(logits[0] - meanBias(members)[0]) > 1e-3);
  }

  @Test
  void beyondTheWidthOneMemberLosesNothing() {
    // A single member's logits have rank 32, whatever the number of classes.
    List<BagMember> one = members(40, 0.2f).subList(0, 1);

    Folded folded = BagFold.fold(one, words, lessons(40));

    assertEquals(32, folded.width());
    for (Bag bag : bags) {
      assertArrayEquals(mean(one, bag), logits(folded, bag), 1e-4);
    }
  }

  @Test
  void beyondTheWidthNoOtherRank32FitIsCloser() {
    List<BagMember> members = members(40, 0.2f);

    Folded folded = BagFold.fold(members, words, lessons(40));

    double error = 0;
    double[][] means = bags.stream().map(bag -> mean(members, bag)).toArray(double[][]::new);
    for (int i = 0; i < means.length; i++) {
      double[] logits = logits(folded, bags.get(i));
      for (int k = 0; k < 40; k++) {
        error += Math.pow(logits[k] - means[i][k], 2);
      }
    }
    double best = squaresBeyond(32, centred(means));
    assertTrue(best > 0.1, "a case in which something is lost, not " + best);
    assertEquals(best, error, 1e-3 * best);
  }

  /** Eckart and Young: the squares of the singular values that a rank leaves out. */
  private static double squaresBeyond(int rank, double[][] matrix) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(matrix.length, matrix[0].length, false, false, true);
    assertTrue(svd.decompose(new DMatrixRMaj(matrix)));
    double[] values = svd.getSingularValues().clone();
    Arrays.sort(values);
    double sum = 0;
    for (int i = 0; i < values.length - rank; i++) {
      sum += values[i] * values[i];
    }
    return sum;
  }

  private static double[][] centred(double[][] rows) {
    double[][] centred = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      centred[i] = rows[i].clone();
    }
    for (int k = 0; k < rows[0].length; k++) {
      int column = k;
      double mean = Arrays.stream(rows).mapToDouble(row -> row[column]).average().orElseThrow();
      for (double[] row : centred) {
        row[k] -= mean;
      }
    }
    return centred;
  }

  private double[] mean(List<BagMember> members, Bag bag) {
    double[] mean = new double[members.getFirst().dense().bias().length];
    for (BagMember member : members) {
      double[] logits = Toys.logits(member, bag, words.sum(bag));
      for (int k = 0; k < mean.length; k++) {
        mean[k] += logits[k] / members.size();
      }
    }
    return mean;
  }

  private static double[] meanBias(List<BagMember> members) {
    return members.stream()
        .map(member -> member.dense().bias())
        .map(bias -> IntStream.range(0, bias.length).mapToDouble(k -> bias[k]).toArray())
        .reduce((a, b) -> IntStream.range(0, a.length).mapToDouble(k -> a[k] + b[k]).toArray())
        .map(sum -> Arrays.stream(sum).map(each -> each / members.size()).toArray())
        .orElseThrow();
  }

  private static double[] logits(Folded folded, Bag bag) {
    int classes = folded.bias().length;
    double[] logits = new double[classes];
    for (int k = 0; k < classes; k++) {
      logits[k] = folded.bias()[k];
      for (int d = 0; d < folded.width(); d++) {
        double sum = 0;
        for (int j = 0; j < bag.size(); j++) {
          sum += bag.weights()[j] * folded.table()[bag.buckets()[j] * folded.width() + d];
        }
        logits[k] += sum * folded.head()[d * classes + k];
      }
    }
    return logits;
  }

  private List<BagMember> members(int classes, float scale) {
    int width = BagTrainer.WIDTH;
    List<BagMember> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      members.add(
          new BagMember(
              IntStream.range(0, BUCKETS).toArray(),
              gaussian(BUCKETS * width, 1),
              new BagMember.Dense(
                  gaussian(DIMENSIONS * width, 1),
                  gaussian(width * classes, scale),
                  gaussian(classes, 1))));
    }
    return members;
  }

  private Lessons lessons(int classes) {
    float[][] none = new float[bags.size()][classes];
    return new Lessons(bags, bags.stream().map(words::sum).toArray(float[][]::new), none, none);
  }

  /** Of the buckets 0, 8, 16, … and of one that no text has. */
  private WordVectors words() {
    Map<Integer, float[]> byBucket = new HashMap<>();
    for (int bucket = 0; bucket < BUCKETS; bucket += 8) {
      byBucket.put(bucket, gaussian(DIMENSIONS, 1));
    }
    byBucket.put(BUCKETS + 7, gaussian(DIMENSIONS, 1));
    return new WordVectors(DIMENSIONS, byBucket);
  }

  private Bag bag() {
    int[] buckets = random.ints(6, 0, BUCKETS).distinct().toArray();
    float[] weights = new float[buckets.length];
    Arrays.fill(weights, (float) (1 / Math.sqrt(buckets.length)));
    return new Bag(buckets, weights);
  }

  private float[] gaussian(int size, float scale) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }
}
