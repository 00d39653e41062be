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
  private final MadeOfTasks<FeedbackDialect> dialects;

  FeedbackRoutes(Gateway gateway, Callers callers) {
    this.gateway = gateway;
    this.callers = callers;
    this.dialects = new MadeOfTasks<>(gateway::tasks, FeedbackDialect::new);
  }

  void addTo(Paths paths) {
    paths.post("/v1/feedback", this::take);
  }

  private Reply take(Call request, String requestId) {
    Tenant tenant = callers.authenticate(request);
    byte[] body = request.body();
    FeedbackDialect dialect = dialects.now();
    Correction correction = dialect.decode(body);
    dialect.check(correction, gateway.answeredBy(tenant, correction.requestId()));
    gateway.correct(tenant, correction);
    return dialect.encode(correction);
  }
}
