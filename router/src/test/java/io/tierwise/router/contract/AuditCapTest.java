package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.cost.Money;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AuditCapTest {
  private static final AuditCap CAP = new AuditCap(Money.of("2"));

  @Test
  void leavesTheWholeRateUntilHalfIsSpentAndFallsWithTheRest() {
    assertEquals(1, CAP.share(Money.ZERO));
    assertEquals(1, CAP.share(Money.of("1")));
    assertEquals(0.5, CAP.share(Money.of("1.5")));
    assertEquals(0.05, CAP.share(Money.of("1.95")));
    assertEquals(0, CAP.share(Money.of("2")));
    assertEquals(0, CAP.share(Money.of("2.3")));
    assertEquals(0, new AuditCap(Money.ZERO).share(Money.ZERO));
  }

  @Test
  void keepsADayUnderItsLimitAndAuditsItsLastHourStill() {
    double[] spent = {0};
    AuditCoin coin =
        new AuditCoin(new SplittableRandom(3), 0.3, 0.05, () -> CAP.share(Money.of(spent[0] + "")));
    int last = 0;
    for (int request = 0; request < 24_000; request++) {
      if (coin.flip(new Gate.Open(Thresholds.NONE, "cert-1"))) {
        spent[0] += 0.004; // without a cap: 1,200 audits, $4.80
        last += request >= 23_000 ? 1 : 0;
      }
    }
    assertTrue(spent[0] <= 2, spent[0] + " spent");
    assertTrue(last > 0, "the last hour had no audit");
  }
}
