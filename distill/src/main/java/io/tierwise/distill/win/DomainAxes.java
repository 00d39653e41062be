package io.tierwise.distill.win;

import io.tierwise.router.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * The axes along which domains differ: for each domain the ridge regression of "is of it" on the
 * vectors. What domain a prompt is from says much about which model it needs, and is far easier to
 * learn than that.
 */
final class DomainAxes {
  private static final double PENALTY = 1;

  private DomainAxes() {}

  /**
   * @param domains of the vectors, in their order; two different ones at least
   * @return row-major [domains][dimensions]
   */
  static float[] of(List<float[]> vectors, List<String> domains) {
    List<String> names = new ArrayList<>(new TreeSet<>(domains));
    int n = vectors.size();
    int dimensions = vectors.getFirst().length;
    double[] mean = new double[dimensions];
    vectors.forEach(vector -> {
      for (int d = 0; d < dimensions; d++) {
        mean[d] += vector[d] / n;
      }
    });
    DMatrixRMaj centred = new DMatrixRMaj(n, dimensions);
    DMatrixRMaj members = new DMatrixRMaj(n, names.size());
    for (int row = 0; row < n; row++) {
      for (int d = 0; d < dimensions; d++) {
        centred.set(row, d, vectors.get(row)[d] - mean[d]);
      }
      members.set(row, names.indexOf(domains.get(row)), 1);
    }
    DMatrixRMaj squares = new DMatrixRMaj(dimensions, dimensions);
    CommonOps_DDRM.multTransA(centred, centred, squares);
    for (int d = 0; d < dimensions; d++) {
      squares.add(d, d, PENALTY);
    }
    DMatrixRMaj products = new DMatrixRMaj(dimensions, names.size());
    CommonOps_DDRM.multTransA(centred, members, products);
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(dimensions);
    if (!solver.setA(squares)) {
      throw new InvalidValueException("vectors", "they are not finite", "encode the prompts again");
    }
    DMatrixRMaj weights = new DMatrixRMaj(dimensions, names.size());
    solver.solve(products, weights);
    float[] flat = new float[names.size() * dimensions];
    for (int axis = 0; axis < names.size(); axis++) {
      for (int d = 0; d < dimensions; d++) {
        flat[axis * dimensions + d] = (float) weights.get(d, axis);
      }
    }
    return flat;
  }
}
