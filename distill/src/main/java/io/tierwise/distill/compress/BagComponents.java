package io.tierwise.distill.compress;

import io.tierwise.distill.onnx.BagGraph;
import io.tierwise.distill.onnx.BagWeights;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Makes a bag's table narrower. With X the sums of real texts' rows, centred, and H the head, the
 * truncated singular value decomposition of X H has the right singular vectors V that keep most of
 * the logits' variance at that rank (Eckart, Young, 1936): rows become row H V, the head Vᵀ, and
 * the bias is such that the mean text's logits stay.
 *
 * @param extent rank, or energy as a share of the logits' variance
 */
record BagComponents(Factorize extent) {
  BagGraph factorize(BagGraph bag, List<Bag> texts) {
    int width = bag.width();
    int classes = bag.classes();
    DMatrixRMaj head = new DMatrixRMaj(width, classes);
    for (int i = 0; i < bag.head().length; i++) {
      head.set(i, bag.head()[i]);
    }
    double[][] sums = texts.stream().map(text -> BagSums.sum(bag, text)).toArray(double[][]::new);
    double[] mean = mean(sums, width);
    DMatrixRMaj components = components(sums, mean, head);
    int columns = components.getNumCols();
    if (columns >= width) {
      throw new InvalidValueException(
          extent.rank().isPresent() ? "rank" : "energy",
          "it takes %d of %d columns".formatted(columns, width),
          "ask for less: the table would be no smaller");
    }
    DMatrixRMaj turned = new DMatrixRMaj(width, columns);
    CommonOps_DDRM.mult(head, components, turned);
    BagGraph narrow =
        BagWeights.quantized(
                bag.rarity(),
                table(bag, turned),
                columns,
                transposed(components),
                bias(bag, head, components, mean))
            .graph();
    return new BagGraph(bag.rarity(), bag.places(), narrow.table(), narrow.head(), narrow.bias());
  }

  private static double[] mean(double[][] sums, int width) {
    double[] mean = new double[width];
    for (double[] sum : sums) {
      for (int d = 0; d < width; d++) {
        mean[d] += sum[d] / sums.length;
      }
    }
    return mean;
  }

  /** V, the eigenvectors of (X H)ᵀ X H: [classes, rank], by falling singular value. */
  private DMatrixRMaj components(double[][] sums, double[] mean, DMatrixRMaj head) {
    DMatrixRMaj centred = new DMatrixRMaj(sums);
    for (int text = 0; text < sums.length; text++) {
      for (int d = 0; d < mean.length; d++) {
        centred.add(text, d, -mean[d]);
      }
    }
    DMatrixRMaj logits = new DMatrixRMaj(sums.length, head.getNumCols());
    CommonOps_DDRM.mult(centred, head, logits);
    DMatrixRMaj squares = new DMatrixRMaj(head.getNumCols(), head.getNumCols());
    CommonOps_DDRM.multInner(logits, squares);
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(squares.getNumCols(), true, true);
    if (!eigen.decompose(squares)) {
      throw new IllegalStateException("the decomposition did not converge");
    }
    int[] falling =
        IntStream.range(0, squares.getNumCols())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -eigen.getEigenvalue(i).getReal()))
            .limit(head.getNumRows())
            .mapToInt(Integer::intValue)
            .toArray();
    double[] energies =
        Arrays.stream(falling).mapToDouble(i -> eigen.getEigenvalue(i).getReal()).toArray();
    int kept = extent.kept(energies);
    DMatrixRMaj components = new DMatrixRMaj(squares.getNumCols(), kept);
    for (int column = 0; column < kept; column++) {
      CommonOps_DDRM.insert(eigen.getEigenVector(falling[column]), components, 0, column);
    }
    return components;
  }

  /** Each row turned: [rows, columns]. */
  private static float[] table(BagGraph bag, DMatrixRMaj turned) {
    int columns = turned.getNumCols();
    float[] table = new float[bag.rows() * columns];
    for (int row = 0; row < bag.rows(); row++) {
      for (int column = 0; column < columns; column++) {
        double sum = 0;
        for (int d = 0; d < bag.width(); d++) {
          sum += bag.table()[row * bag.width() + d] * turned.get(d, column);
        }
        table[row * columns + column] = (float) sum;
      }
    }
    return table;
  }

  private static float[] transposed(DMatrixRMaj components) {
    DMatrixRMaj transposed = new DMatrixRMaj(components.getNumCols(), components.getNumRows());
    CommonOps_DDRM.transpose(components, transposed);
    float[] head = new float[transposed.getNumElements()];
    for (int i = 0; i < head.length; i++) {
      head[i] = (float) transposed.get(i);
    }
    return head;
  }

  /** b + (I − V Vᵀ) Hᵀ m, of the mean sum m. */
  private static float[] bias(
      BagGraph bag, DMatrixRMaj head, DMatrixRMaj components, double[] mean) {
    int classes = bag.classes();
    double[] logits = new double[classes];
    for (int k = 0; k < classes; k++) {
      for (int d = 0; d < mean.length; d++) {
        logits[k] += mean[d] * head.get(d, k);
      }
    }
    double[] rest = logits.clone();
    for (int column = 0; column < components.getNumCols(); column++) {
      double along = 0;
      for (int k = 0; k < classes; k++) {
        along += components.get(k, column) * logits[k];
      }
      for (int k = 0; k < classes; k++) {
        rest[k] -= along * components.get(k, column);
      }
    }
    float[] bias = new float[classes];
    for (int k = 0; k < classes; k++) {
      bias[k] = (float) (bag.bias()[k] + rest[k]);
    }
    return bias;
  }
}
