package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.Correction;
import io.tierwise.gateway.dialect.FeedbackDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.router.request.Tenant;

/** Where humans' corrections go. It needs a key. */
final class FeedbackRoutes {
  private final Gateway gateway;
  private final Callers callers;
  private final FeedbackDialect dialect;

  FeedbackRoutes(Gateway gateway, Callers callers) {
    this.gateway = gateway;
    this.callers = callers;
    this.dialect = new FeedbackDialect(gateway.tasks());
  }

  void addTo(Paths paths) {
    paths.post("/v1/feedback", this::take);
  }

  private Reply take(Call request, String requestId) {
    Tenant tenant = callers.authenticate(request);
    Correction correction = dialect.decode(request.body());
    gateway.correct(tenant, correction);
    return dialect.encode(correction);
  }
}
