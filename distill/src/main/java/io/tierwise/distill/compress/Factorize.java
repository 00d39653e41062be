package io.tierwise.distill.compress;

import io.tierwise.distill.mlp.Dense;
import io.tierwise.distill.mlp.Mlp;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Replaces a layer's W by the product of two thin matrices, its truncated singular value
 * decomposition: the best of that rank (Eckart, Young, 1936). A layer for which that would be no
 * smaller stays as it is.
 *
 * @param rank of every factorized layer; without it, the least that keeps the energy
 * @param energy share of the sum of squared singular values that is kept
 */
public record Factorize(OptionalInt rank, OptionalDouble energy) {
  public Factorize {
    if (rank.isPresent() == energy.isPresent()) {
      throw new InvalidValueException(
          "rank",
          "it and energy are " + (rank.isPresent() ? "both" : "neither") + " given",
          "give one of the two");
    }
    rank.ifPresent(value -> Requirement.positive("rank", value));
    energy.ifPresent(value -> Requirement.openUnit("energy", value));
  }

  public static Factorize toRank(int rank) {
    return new Factorize(OptionalInt.of(rank), OptionalDouble.empty());
  }

  public static Factorize keeping(double energy) {
    return new Factorize(OptionalInt.empty(), OptionalDouble.of(energy));
  }

  public Mlp factorize(Mlp mlp) {
    List<Dense> layers = new ArrayList<>();
    for (Dense layer : mlp.layers()) {
      layers.addAll(factors(layer));
    }
    return new Mlp(layers);
  }

  private List<Dense> factors(Dense layer) {
    int inputs = layer.inputs();
    int outputs = layer.outputs();
    DMatrixRMaj weights = matrix(layer);
    SingularValueDecomposition_F64<DMatrixRMaj> decomposition =
        DecompositionFactory_DDRM.svd(inputs, outputs, true, true, true);
    if (!decomposition.decompose(weights)) {
      throw new IllegalStateException("the decomposition did not converge");
    }
    DMatrixRMaj left = decomposition.getU(null, false);
    DMatrixRMaj values = decomposition.getW(null);
    DMatrixRMaj right = decomposition.getV(null, false);
    SingularOps_DDRM.descendingOrder(left, false, values, right, false);
    int kept =
        kept(
            IntStream.range(0, Math.min(inputs, outputs))
                .mapToDouble(i -> values.get(i, i) * values.get(i, i))
                .toArray());
    if ((long) kept * (inputs + outputs) >= (long) inputs * outputs) {
      return List.of(layer);
    }
    return List.of(
        new Dense(inputs, thinLeft(left, values, kept), new float[kept], false),
        new Dense(kept, thinRight(right, values, kept), layer.bias().clone(), layer.rectified()));
  }

  private static DMatrixRMaj matrix(Dense layer) {
    DMatrixRMaj matrix = new DMatrixRMaj(layer.inputs(), layer.outputs());
    for (int i = 0; i < layer.weights().length; i++) {
      matrix.set(i, layer.weights()[i]);
    }
    return matrix;
  }

  /**
   * How many singular values stay.
   *
   * @param energies their squares, falling
   */
  int kept(double[] energies) {
    if (rank.isPresent()) {
      return Math.min(rank.getAsInt(), energies.length);
    }
    double all = Arrays.stream(energies).sum();
    double sum = 0;
    int kept = 0;
    while (kept < energies.length && sum < energy.orElseThrow() * all) {
      sum += energies[kept];
      kept++;
    }
    return Math.max(1, kept);
  }

  /** U √Σ, so that both factors have weights of a like size: [inputs, kept]. */
  private static float[] thinLeft(DMatrixRMaj left, DMatrixRMaj values, int kept) {
    float[] thin = new float[left.getNumRows() * kept];
    for (int i = 0; i < left.getNumRows(); i++) {
      for (int k = 0; k < kept; k++) {
        thin[i * kept + k] = (float) (left.get(i, k) * Math.sqrt(values.get(k, k)));
      }
    }
    return thin;
  }

  /** √Σ Vᵀ: [kept, outputs]. */
  private static float[] thinRight(DMatrixRMaj right, DMatrixRMaj values, int kept) {
    float[] thin = new float[kept * right.getNumRows()];
    for (int k = 0; k < kept; k++) {
      for (int j = 0; j < right.getNumRows(); j++) {
        thin[k * right.getNumRows() + j] = (float) (right.get(j, k) * Math.sqrt(values.get(k, k)));
      }
    }
    return thin;
  }
}
