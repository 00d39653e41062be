package io.tierwise.router.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.tier.Attempt.Cause;
import org.junit.jupiter.api.Test;

class RefusalTest {
  @Test
  void hasACodeThatStaysTheSame() {
    assertEquals("large-unavailable", new Refusal.LargeUnavailable(Cause.TIMEOUT, "").code());
    assertEquals("deadline-exceeded", new Refusal.DeadlineExceeded().code());
    assertEquals("cancelled", new Refusal.Cancelled().code());
    assertEquals("rejected-by-upstream", new Refusal.Rejected(400).code());
    assertEquals("stream-stalled", new Refusal.StreamBroken("stalled").code());
    assertEquals("no-cheap-candidate", new Refusal.NoCheapCandidate().code());
  }
}
