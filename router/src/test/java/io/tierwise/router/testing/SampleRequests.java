package io.tierwise.router.testing;

import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import java.util.List;

/** One tenant's question, received at noon, to be answered within ten seconds. */
public final class SampleRequests {
  public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  public static final Tenant TENANT = new Tenant("acme");
  public static final Task.Classification TASK =
      new Task.Classification("triage", List.of(new Label("bug"), new Label("question")));

  private SampleRequests() {}

  public static InferenceRequest request() {
    return request(RoutingPolicy.DEFAULT);
  }

  public static InferenceRequest request(RoutingPolicy policy) {
    return request(policy, CacheUse.ALLOWED, NOON.plusSeconds(10));
  }

  public static InferenceRequest request(RoutingPolicy policy, CacheUse cache, Instant deadline) {
    RequestContext context = new RequestContext("r1", TENANT, policy, cache, NOON, deadline);
    return new InferenceRequest.Classify(context, TASK, new Input.Text("it crashes"));
  }
}
