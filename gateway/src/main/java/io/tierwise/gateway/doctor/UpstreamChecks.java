package io.tierwise.gateway.doctor;

import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The endpoints of large models. Nothing is asked that costs anything. */
final class UpstreamChecks {
  private UpstreamChecks() {}

  /**
   * @param environment gives null for what is not set
   */
  static Finding key(String name, Upstream upstream, UnaryOperator<@Nullable String> environment) {
    String what = "key of " + name;
    if (upstream.apiKeyFrom() == null) {
      return Finding.ok(what, "none needed");
    }
    String key = environment.apply(upstream.apiKeyFrom());
    return key == null || key.isBlank()
        ? Finding.fail(
            what,
            "the environment variable " + upstream.apiKeyFrom() + " is not set",
            "set it to the endpoint's key: export " + upstream.apiKeyFrom() + "=...")
        : Finding.ok(what, upstream.apiKeyFrom() + " is set");
  }

  /**
   * Asks {@code /ping} or {@code /v1/models}.
   *
   * @param patience for the connection, and again for the answer
   */
  static Finding reachable(
      String name,
      Upstream upstream,
      UnaryOperator<@Nullable String> environment,
      Duration patience) {
    String what = "upstream " + name;
    URI place = place(upstream);
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(place).timeout(patience);
      String key = upstream.apiKeyFrom() == null ? null : environment.apply(upstream.apiKeyFrom());
      if (key != null && !key.isBlank()) {
        request.header("Authorization", "Bearer " + key.strip());
      }
      int status =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      return switch (upstream.protocol()) {
        case OPENAI, INVOCATIONS -> answered(what, place, status);
        case ANTHROPIC, BEDROCK -> Finding.ok(what, place + " answers " + status + ": reachable");
      };
    } catch (IOException e) {
      String reason = Objects.toString(e.getMessage(), e.getClass().getSimpleName());
      return Finding.fail(
          what,
          place + " cannot be reached (" + reason + ")",
          "start it, or correct upstreams." + name + ".url");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Finding.fail(what, "the check was interrupted", "run it again");
    }
  }

  private static URI place(Upstream upstream) {
    boolean bare = URI.create(upstream.url()).getPath().isEmpty();
    return URI.create(
        upstream.url()
            + switch (upstream.protocol()) {
              case OPENAI -> bare ? "/v1/models" : "/models";
              case INVOCATIONS -> "/ping";
              // Neither says anything without a signature or a question.
              case ANTHROPIC, BEDROCK -> "/";
            });
  }

  private static Finding answered(String what, URI place, int status) {
    String finding = place + " answers " + status;
    if (status / 100 == 2) {
      return Finding.ok(what, finding);
    }
    if (status == 401 || status == 403) {
      return Finding.fail(what, finding + ": it refuses the key", "set a key that it accepts");
    }
    return status >= 500
        ? Finding.fail(what, finding, "look at its log, and run this again")
        : Finding.warn(
            what, finding + ": reachable, but not as expected", "check its url and protocol");
  }
}
