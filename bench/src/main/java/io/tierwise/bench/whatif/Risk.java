package io.tierwise.bench.whatif;

import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.BinomialInterval;
import io.tierwise.router.contract.Thresholds;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The share of requests in which a cheap tier's candidate passes and disagrees with the large
 * model, on the audited ones: before, by the verdicts of then, and after, by the new thresholds.
 *
 * @param audits how many there are
 * @param worse lost after and not before
 * @param better lost before and not after
 */
public record Risk(int audits, int lostBefore, int lostAfter, int worse, int better) {
  private static final double LEVEL = 0.95;

  /** An audit of the range: what its tiers proposed, and whether it was lost at the time. */
  public record Audit(AuditSample sample, boolean lost) {}

  static Risk of(List<Audit> audits, @Nullable Thresholds thresholds) {
    int before = 0;
    int after = 0;
    int worse = 0;
    int better = 0;
    for (Audit audit : audits) {
      boolean lost = thresholds == null ? audit.lost() : audit.sample().lost(thresholds);
      before += audit.lost() ? 1 : 0;
      after += lost ? 1 : 0;
      worse += lost && !audit.lost() ? 1 : 0;
      better += !lost && audit.lost() ? 1 : 0;
    }
    return new Risk(audits.size(), before, after, worse, better);
  }

  /** Exact, at 95 %. */
  public BinomialInterval before() {
    return BinomialInterval.of(lostBefore, audits, LEVEL);
  }

  /** Exact, at 95 %. */
  public BinomialInterval after() {
    return BinomialInterval.of(lostAfter, audits, LEVEL);
  }

  /**
   * After less before: the same audits are judged twice, so only those count that changed sides.
   * Both shares at 97.5 %, so that the difference is held at 95 %.
   */
  public double[] difference() {
    double level = 1 - (1 - LEVEL) / 2;
    BinomialInterval up = BinomialInterval.of(worse, audits, level);
    BinomialInterval down = BinomialInterval.of(better, audits, level);
    return new double[] {up.lower() - down.upper(), up.upper() - down.lower()};
  }
}
