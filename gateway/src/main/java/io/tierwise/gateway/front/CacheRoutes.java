package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.CacheDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.store.KeyHolder;
import java.util.stream.Stream;

/** Where cached answers are forgotten. It needs a key, and the key decides whose. */
final class CacheRoutes {
  private final Gateway gateway;
  private final Callers callers;

  CacheRoutes(Gateway gateway, Callers callers) {
    this.gateway = gateway;
    this.callers = callers;
  }

  void addTo(Paths paths) {
    paths.delete("/v1/cache", this::forget);
  }

  private Reply forget(Call request, String requestId) {
    KeyHolder holder = callers.holder(request);
    CacheDialect.Reach reach =
        CacheDialect.decode(
            request.query(),
            holder,
            Stream.concat(
                    gateway.tasks().stream().map(served -> served.task().name()),
                    gateway.chats().tasks().stream())
                .toList());
    return CacheDialect.encode(reach, gateway.forget(reach.tenant(), reach.task()));
  }
}
