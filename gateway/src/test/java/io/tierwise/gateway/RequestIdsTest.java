package io.tierwise.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
  @Test
  void sortByTheMillisecondTheyWereMadeIn() {
    MutableClock clock = new MutableClock(Requests.NOW);
    RequestIds ids = new RequestIds(clock, new Random(1));
    String before = "";
    for (int i = 0; i < 1000; i++) {
      clock.advance(Duration.ofMillis(1));
      String id = ids.next();
      assertTrue(id.compareTo(before) > 0, () -> id);
      before = id;
    }
  }

  @Test
  void areUuidsOfVersionSeven() {
    UUID id = UUID.fromString(new RequestIds(new MutableClock(Requests.NOW), new Random(1)).next());
    assertEquals(7, id.version());
    assertEquals(2, id.variant());
    assertEquals(Requests.NOW.toEpochMilli(), id.getMostSignificantBits() >>> 16);
  }
}
