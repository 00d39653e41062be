package io.tierwise.distill.win;

import io.tierwise.router.InvalidValueException;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Ridge regressions on the same vectors: each minimises Σ(w·x + b − y)² + λ s²‖w‖², s² being the
 * mean squared distance of the vectors from their mean, so that λ means the same for any encoder.
 *
 * @param weights row-major [targets][dimensions]
 * @param intercepts [targets]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the thousand, never compared
record VectorRegression(float[] weights, float[] intercepts) {
  /**
   * @param targets [vectors][targets]
   */
  static VectorRegression fit(List<float[]> vectors, double[][] targets, double penalty) {
    int n = vectors.size();
    int dimensions = vectors.getFirst().length;
    int count = targets[0].length;
    double[] mean = new double[dimensions];
    vectors.forEach(vector -> {
      for (int d = 0; d < dimensions; d++) {
        mean[d] += vector[d] / (double) n;
      }
    });
    double[] level = new double[count];
    DMatrixRMaj centred = new DMatrixRMaj(n, dimensions);
    DMatrixRMaj wanted = new DMatrixRMaj(n, count);
    for (int row = 0; row < n; row++) {
      for (int d = 0; d < dimensions; d++) {
        centred.set(row, d, vectors.get(row)[d] - mean[d]);
      }
      for (int target = 0; target < count; target++) {
        wanted.set(row, target, targets[row][target]);
        level[target] += targets[row][target] / n;
      }
    }
    DMatrixRMaj solved = solve(centred, wanted, penalty);
    float[] weights = new float[count * dimensions];
    float[] intercepts = new float[count];
    for (int target = 0; target < count; target++) {
      double intercept = level[target];
      for (int d = 0; d < dimensions; d++) {
        weights[target * dimensions + d] = (float) solved.get(d, target);
        intercept -= solved.get(d, target) * mean[d];
      }
      intercepts[target] = (float) intercept;
    }
    return new VectorRegression(weights, intercepts);
  }

  /** Targets need no centring: centred vectors are orthogonal to what is the same for all. */
  private static DMatrixRMaj solve(DMatrixRMaj centred, DMatrixRMaj wanted, double penalty) {
    int dimensions = centred.getNumCols();
    DMatrixRMaj squares = new DMatrixRMaj(dimensions, dimensions);
    CommonOps_DDRM.multInner(centred, squares);
    double spread = CommonOps_DDRM.trace(squares) / centred.getNumRows();
    for (int d = 0; d < dimensions; d++) {
      // Where all vectors are the same there is nothing to scale by, and any weights will do.
      squares.add(d, d, spread > 0 ? penalty * spread : 1);
    }
    DMatrixRMaj products = new DMatrixRMaj(dimensions, wanted.getNumCols());
    CommonOps_DDRM.multTransA(centred, wanted, products);
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(dimensions);
    if (!Double.isFinite(spread) || !solver.setA(squares)) {
      throw new InvalidValueException("vectors", "they are not finite", "encode the prompts again");
    }
    DMatrixRMaj weights = new DMatrixRMaj(dimensions, wanted.getNumCols());
    solver.solve(products, weights);
    return weights;
  }
}
