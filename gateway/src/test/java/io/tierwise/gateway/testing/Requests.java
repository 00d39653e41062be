package io.tierwise.gateway.testing;

import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Requests for tests. */
public final class Requests {
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  public static final Task.Classification TASK = task("support", "refund", "delivery", "other");

  private Requests() {}

  public static Task.Classification task(String name, String... labels) {
    List<Label> all = Stream.of(labels).map(Label::new).toList();
    return new Task.Classification(name, all);
  }

  public static InferenceRequest.Classify classify(String text) {
    return classify("acme", CacheUse.ALLOWED, text);
  }

  /** One like it, of another id. */
  public static InferenceRequest.Classify withId(String id) {
    RequestContext context =
        new RequestContext(
            id,
            new Tenant("acme"),
            RoutingPolicy.DEFAULT,
            CacheUse.ALLOWED,
            NOW,
            NOW.plus(Duration.ofSeconds(30)));
    return new InferenceRequest.Classify(context, TASK, new Input.Text("hi"));
  }

  public static InferenceRequest.Classify classify(String tenant, CacheUse cache, String text) {
    return classify(TASK, tenant, cache, text, Duration.ofSeconds(30));
  }

  public static InferenceRequest.Classify classify(
      Task.Classification task, String tenant, CacheUse cache, String text, Duration patience) {
    RequestContext context =
        new RequestContext(
            "r1", new Tenant(tenant), RoutingPolicy.DEFAULT, cache, NOW, NOW.plus(patience));
    return new InferenceRequest.Classify(context, task, new Input.Text(text));
  }
}
