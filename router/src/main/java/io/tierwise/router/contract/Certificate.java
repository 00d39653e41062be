package io.tierwise.router.contract;

/**
 * The evidence behind a gate's thresholds.
 *
 * @param testIndex j: which of the task's tests this was
 * @param deltaSpent δ_j: the level it was tested at
 * @param samples n: audit samples, none used in training
 * @param losses k: of these, the ones lost at the thresholds
 * @param pValue P(Bin(n, ε) ≤ k), with n the answered ones alone in a contract over those
 * @param coverage share of the samples that a cheap tier would have answered
 */
public record Certificate(
    Contract contract,
    int testIndex,
    double deltaSpent,
    int samples,
    int losses,
    double pValue,
    double coverage,
    Thresholds thresholds) {}
