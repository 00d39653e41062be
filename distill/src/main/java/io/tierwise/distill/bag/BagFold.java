package io.tierwise.distill.bag;

import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.distill.onnx.BagWeights;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.util.Arrays;
import java.util.Comparator;
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
  private final WordVectors words;
  private final int classes;

  private BagFold(List<BagMember> members, WordVectors words) {
    this.members = members;
    this.words = words;
    this.classes = members.getFirst().bias().length;
  }

  static BagWeights fold(
      List<BagMember> members, WordVectors words, Rarity rarity, Lessons lessons) {
    return new BagFold(members, words).fold(rarity, lessons);
  }

  private BagWeights fold(Rarity rarity, Lessons lessons) {
    float[] logitRows = logitRows();
    float[] bias = meanBias();
    if (classes <= BagTrainer.WIDTH) {
      return BagWeights.quantized(rarity.toArray(), logitRows, classes, identity(), bias);
    }
    return inLeadingComponents(rarity, lessons, logitRows, bias);
  }

  /** Row-major [buckets, classes]: what each bucket adds to the mean member's logits. */
  private float[] logitRows() {
    float[] folded = new float[BagFeaturizer.BUCKETS * classes];
    for (BagMember member : members) {
      for (int i = 0; i < member.buckets().length; i++) {
        float[] hidden =
            Arrays.copyOfRange(member.rows(), i * BagTrainer.WIDTH, (i + 1) * BagTrainer.WIDTH);
        addLogits(member, hidden, folded, member.buckets()[i]);
      }
      for (Map.Entry<Integer, float[]> word : words.byBucket().entrySet()) {
        addLogits(member, project(member, word.getValue()), folded, word.getKey());
      }
    }
    return folded;
  }

  private void addLogits(BagMember member, float[] hidden, float[] folded, int bucket) {
    for (int k = 0; k < classes; k++) {
      float sum = 0;
      for (int d = 0; d < BagTrainer.WIDTH; d++) {
        sum += hidden[d] * member.head()[d * classes + k];
      }
      folded[bucket * classes + k] += sum / members.size();
    }
  }

  private static float[] project(BagMember member, float[] vector) {
    float[] hidden = new float[BagTrainer.WIDTH];
    for (int i = 0; i < vector.length; i++) {
      for (int d = 0; d < BagTrainer.WIDTH; d++) {
        hidden[d] += vector[i] * member.projection()[i * BagTrainer.WIDTH + d];
      }
    }
    return hidden;
  }

  private float[] meanBias() {
    float[] bias = new float[classes];
    for (BagMember member : members) {
      for (int k = 0; k < classes; k++) {
        bias[k] += member.bias()[k] / members.size();
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

  /** logits ≈ mean + V Vᵀ (logits − mean): rows become Vᵀ row, the head V, the bias the rest. */
  private BagWeights inLeadingComponents(
      Rarity rarity, Lessons lessons, float[] logitRows, float[] bias) {
    int width = BagTrainer.WIDTH;
    double[][] logits = logits(lessons, logitRows, bias);
    double[] mean = mean(logits);
    double[][] components = leadingComponents(logits, mean, width);
    float[] table = new float[BagFeaturizer.BUCKETS * width];
    for (int bucket = 0; bucket < BagFeaturizer.BUCKETS; bucket++) {
      for (int d = 0; d < width; d++) {
        double sum = 0;
        for (int k = 0; k < classes; k++) {
          sum += components[d][k] * logitRows[bucket * classes + k];
        }
        table[bucket * width + d] = (float) sum;
      }
    }
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
    return BagWeights.quantized(rarity.toArray(), table, width, head, foldedBias);
  }

  private double[][] logits(Lessons lessons, float[] logitRows, float[] bias) {
    double[][] logits = new double[lessons.size()][classes];
    for (int i = 0; i < logits.length; i++) {
      Bag bag = lessons.bags().get(i);
      for (int k = 0; k < classes; k++) {
        logits[i][k] = bias[k];
      }
      for (int j = 0; j < bag.size(); j++) {
        for (int k = 0; k < classes; k++) {
          logits[i][k] += bag.weights()[j] * logitRows[bag.buckets()[j] * classes + k];
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
