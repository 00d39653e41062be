package io.tierwise.router.contract;

/**
 * The evidence behind a gate's thresholds.
 *
 * @param testIndex j: which of the task's tests this was
 * @param deltaSpent δ_j: the level it was tested at
 * @param samples n: audit samples, none used in training
 * @param losses k: of these, the ones lost at the thresholds
 * @param pValue of "the risk is above ε": over all answers at most P(Bin(n, ε) ≤ k), see {@link
 *     OrderedTail}; over the cheap tiers' alone that of the n answered by them
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
