package io.tierwise.gateway.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The claims of one process, over its audits: they end with it, as its store's directory does. */
public final class MemoryAuditClaims implements AuditClaims {
  private final AuditLog audits;
  private final Clock clock;
  private final Map<List<String>, Call> calls = new ConcurrentHashMap<>();

  private record Call(int begun, @Nullable Instant until, @Nullable Answered answer) {}

  public MemoryAuditClaims(AuditLog audits, Clock clock) {
    this.audits = audits;
    this.clock = clock;
  }

  @Override
  public synchronized Claim claim(String task, String requestId, Duration lease) {
    List<String> key = List.of(task, requestId);
    if (audits.holds(task, requestId)) {
      calls.remove(key);
      return new Claim.Kept();
    }
    Call call = calls.getOrDefault(key, new Call(0, null, null));
    if (call.answer != null) {
      return new Claim.Made(call.answer);
    }
    Instant now = clock.instant();
    if (call.until != null && now.isBefore(call.until)) {
      return new Claim.Elsewhere();
    }
    calls.put(key, new Call(call.begun + 1, now.plus(lease), null));
    return new Claim.Granted(call.begun);
  }

  @Override
  public synchronized void answered(String task, String requestId, Answered answer) {
    calls.computeIfPresent(
        List.of(task, requestId), (key, call) -> new Call(call.begun, call.until, answer));
  }

  @Override
  public synchronized void release(String task, String requestId) {
    calls.computeIfPresent(
        List.of(task, requestId), (key, call) -> new Call(call.begun - 1, null, null));
  }
}
