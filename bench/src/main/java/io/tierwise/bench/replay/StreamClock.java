package io.tierwise.bench.replay;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time of a recorded stream: each request comes a second after the one before. */
final class StreamClock extends Clock {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  void tick() {
    now = now.plusSeconds(1);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
