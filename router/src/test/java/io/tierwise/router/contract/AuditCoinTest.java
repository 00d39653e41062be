package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class AuditCoinTest {
  private static final Gate OPEN = new Gate.Open(Thresholds.NONE, "cert-1");
  private static final Gate SHUT = new Gate.Shut("alarm");
  private static final Gate OBSERVE = new Gate.Observe(Thresholds.NONE);

  @Test
  void flipsAtTheShutRateUntilCheapTiersAnswer() {
    AuditCoin coin = new AuditCoin(new Random(1), 1, 0);
    for (int i = 0; i < 100; i++) {
      assertTrue(coin.flip(SHUT));
      assertTrue(coin.flip(OBSERVE));
      assertFalse(coin.flip(OPEN));
    }
  }

  @Test
  void auditsAboutTheShareItIsTold() {
    AuditCoin coin = new AuditCoin(new SplittableRandom(7), 0.3, 0.05);
    int shut = 0;
    int open = 0;
    for (int i = 0; i < 100_000; i++) {
      shut += coin.flip(SHUT) ? 1 : 0;
      open += coin.flip(OPEN) ? 1 : 0;
    }
    // four standard errors: 580 and 276
    assertEquals(30_000, shut, 580);
    assertEquals(5_000, open, 276);
  }

  @Test
  void drawsUnderTheGeneratorsOwnLockForCoinsMayShareOne() {
    AtomicBoolean locked = new AtomicBoolean();
    RandomGenerator unsafe =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            locked.set(Thread.holdsLock(this));
            return 0;
          }
        };
    new AuditCoin(unsafe, 1, 1).flip(OPEN);
    assertTrue(locked.get());
  }

  @Test
  void refusesARateThatIsNone() {
    assertEquals(
        "audit.openRate: 1.5 is not between 0 and 1; give a number from 0 to 1",
        assertThrows(InvalidValueException.class, () -> new AuditCoin(new Random(1), 0.3, 1.5))
            .getMessage());
  }
}
