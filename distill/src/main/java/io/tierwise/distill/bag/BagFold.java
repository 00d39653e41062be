package io.tierwise.distill.bag;

import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Folds trained members and their projected word vectors into one bag. A member's logits are linear
 * in the text's weights, so their mean is again a bag with one row of logits per bucket. With more
 * classes than columns, rows are kept in the basis of the leading principal components of the
 * training texts' logits, the best there is at that width.
 */
final class BagFold {
  private final List<BagMember> members;
  private final int classes;

  /**
   * One bag.
   *
   * @param table row-major [buckets, width]
   * @param head row-major [width, classes]
   * @param bias [classes]
   */
  @SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
  record Folded(float[] table, int width, float[] head, float[] bias) {}

  private BagFold(List<BagMember> members) {
    this.members = members;
    this.classes = members.getFirst().dense().bias().length;
  }

  static Folded fold(List<BagMember> members, WordVectors words, Lessons lessons) {
    return new BagFold(members).fold(words, lessons);
  }

  private Folded fold(WordVectors words, Lessons lessons) {
    Map<Integer, float[]> logitRows = logitRows(words);
    float[] bias = meanBias();
    return classes <= BagTrainer.WIDTH
        ? new Folded(table(logitRows, classes), classes, identity(), bias)
        : inLeadingComponents(lessons, logitRows, bias);
  }

  /** [classes] by bucket: what the bucket adds to the mean member's logits. */
  private Map<Integer, float[]> logitRows(WordVectors words) {
    Map<Integer, float[]> rows = new HashMap<>();
    for (BagMember member : members) {
      int width = BagTrainer.WIDTH;
      for (int i = 0; i < member.buckets().length; i++) {
        float[] hidden = Arrays.copyOfRange(member.rows(), i * width, (i + 1) * width);
        addLogits(member, hidden, row(rows, member.buckets()[i]));
      }
      for (Map.Entry<Integer, float[]> word : words.byBucket().entrySet()) {
        float[] hidden = product(word.getValue(), member.dense().projection(), width);
        addLogits(member, hidden, row(rows, word.getKey()));
      }
    }
    return rows;
  }

  private float[] row(Map<Integer, float[]> rows, int bucket) {
    return rows.computeIfAbsent(bucket, absent -> new float[classes]);
  }

  private void addLogits(BagMember member, float[] hidden, float[] row) {
    float[] logits = product(hidden, member.dense().head(), classes);
    for (int k = 0; k < classes; k++) {
      row[k] += logits[k] / members.size();
    }
  }

  /** A row times a row-major matrix of {@code columns} columns. */
  private static float[] product(float[] row, float[] matrix, int columns) {
    float[] product = new float[columns];
    for (int i = 0; i < row.length; i++) {
      for (int k = 0; k < columns; k++) {
        product[k] += row[i] * matrix[i * columns + k];
      }
    }
    return product;
  }

  private float[] meanBias() {
    float[] bias = new float[classes];
    for (BagMember member : members) {
      for (int k = 0; k < classes; k++) {
        bias[k] += member.dense().bias()[k] / members.size();
      }
    }
    return bias;
  }

  private float[] identity() {
    float[] head = new float[classes * classes];
    for (int k = 0; k < classes; k++) {
      head[k * classes + k] = 1;
    }
    return head;
  }

  private static float[] table(Map<Integer, float[]> rows, int width) {
    float[] table = new float[BagFeaturizer.BUCKETS * width];
    rows.forEach((bucket, row) -> System.arraycopy(row, 0, table, bucket * width, width));
    return table;
  }

  /** logits ≈ mean + V Vᵀ (logits − mean): rows become Vᵀ row, the head V, the bias the rest. */
  private Folded inLeadingComponents(
      Lessons lessons, Map<Integer, float[]> logitRows, float[] bias) {
    int width = BagTrainer.WIDTH;
    double[][] logits = logits(lessons, logitRows, bias);
    double[] mean = mean(logits);
    double[][] components = leadingComponents(logits, mean, width);
    Map<Integer, float[]> rows = HashMap.newHashMap(logitRows.size());
    logitRows.forEach((bucket, row) -> rows.put(bucket, along(components, row)));
    float[] head = new float[width * classes];
    double[] rest = mean.clone();
    for (int d = 0; d < width; d++) {
      double along = 0;
      for (int k = 0; k < classes; k++) {
        head[d * classes + k] = (float) components[d][k];
        along += components[d][k] * (bias[k] - mean[k]);
      }
      for (int k = 0; k < classes; k++) {
        rest[k] += components[d][k] * along;
      }
    }
    float[] foldedBias = new float[classes];
    for (int k = 0; k < classes; k++) {
      foldedBias[k] = (float) rest[k];
    }
    return new Folded(table(rows, width), width, head, foldedBias);
  }

  /** Vᵀ row: how far a row goes along each component. */
  private static float[] along(double[][] components, float[] row) {
    float[] coordinates = new float[components.length];
    for (int d = 0; d < coordinates.length; d++) {
      double sum = 0;
      for (int k = 0; k < row.length; k++) {
        sum += components[d][k] * row[k];
      }
      coordinates[d] = (float) sum;
    }
    return coordinates;
  }

  private double[][] logits(Lessons lessons, Map<Integer, float[]> logitRows, float[] bias) {
    double[][] logits = new double[lessons.size()][classes];
    for (int i = 0; i < logits.length; i++) {
      Bag bag = lessons.bags().get(i);
      for (int k = 0; k < classes; k++) {
        logits[i][k] = bias[k];
      }
      for (int j = 0; j < bag.size(); j++) {
        float[] row = row(logitRows, bag.buckets()[j]);
        for (int k = 0; k < classes; k++) {
          logits[i][k] += bag.weights()[j] * row[k];
        }
      }
    }
    return logits;
  }

  private double[] mean(double[][] logits) {
    double[] mean = new double[classes];
    for (double[] row : logits) {
      for (int k = 0; k < classes; k++) {
        mean[k] += row[k] / logits.length;
      }
    }
    return mean;
  }

  /** [width][classes], orthonormal, by falling variance. */
  private static double[][] leadingComponents(double[][] logits, double[] mean, int width) {
    DMatrixRMaj centred = new DMatrixRMaj(logits);
    for (int i = 0; i < logits.length; i++) {
      for (int k = 0; k < mean.length; k++) {
        centred.add(i, k, -mean[k]);
      }
    }
    DMatrixRMaj covariance = new DMatrixRMaj(mean.length, mean.length);
    CommonOps_DDRM.multInner(centred, covariance);
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(mean.length, true, true);
    if (!eigen.decompose(covariance)) {
      throw new IllegalStateException("the logits' covariance has no eigendecomposition");
    }
    return IntStream.range(0, mean.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -eigen.getEigenvalue(i).getReal()))
        .limit(width)
        .map(i -> eigen.getEigenVector(i).getData().clone())
        .toArray(double[][]::new);
  }
}
