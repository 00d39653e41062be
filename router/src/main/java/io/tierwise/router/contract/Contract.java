package io.tierwise.router.contract;

import io.tierwise.router.Requirement;

/**
 * A task's promise: at most a share ε of all answers, or of the cheap tiers' alone, disagree with
 * the large model, held with confidence 1−δ.
 *
 * @param perTenant whether it is to hold for every tenant by itself
 */
public record Contract(double epsilon, double delta, Over over, boolean perTenant) {
  public Contract {
    Requirement.openUnit("contract.epsilon", epsilon);
    Requirement.openUnit("contract.delta", delta);
  }

  /** Over all answers. */
  public Contract(double epsilon, double delta) {
    this(epsilon, delta, Over.ALL);
  }

  /** For all tenants together. */
  public Contract(double epsilon, double delta, Over over) {
    this(epsilon, delta, over, false);
  }

  /**
   * Whether what holds this contract holds that one as well: what is lost of all answers is never
   * more than what is lost of the cheap ones.
   */
  public boolean implies(Contract other) {
    return epsilon <= other.epsilon
        && delta <= other.delta
        && (over == other.over || over == Over.ACCEPTED);
  }

  /**
   * What the j-th test ever made for a task may spend: δ/(j(j+1)), which sums to δ over all j. The
   * index is durable and never resets.
   *
   * @param testIndex 1 for a task's first test
   */
  public double spend(int testIndex) {
    Requirement.positive("testIndex", testIndex);
    return delta / ((double) testIndex * (testIndex + 1.0));
  }

  /**
   * The least number of audit samples with which a test can certify anything: with none lost, the
   * p-value is (1−ε)^n, so n ≥ ln δ_j / ln(1−ε).
   */
  public int fewestSamples(int testIndex) {
    return (int) Math.ceil(Math.log(spend(testIndex)) / Math.log1p(-epsilon));
  }
}
