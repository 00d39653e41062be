package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.Attempt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's dialect: chat completions, models, and the error object.
 *
 * <p>{@code model} names a task, the last user message is what is classified, and the label comes
 * back as the assistant's message. {@code logprobs} carries the distribution, each label as one
 * token. {@code usage} counts the large model's tokens for this request: all 0 when it was not
 * asked. {@code system_fingerprint} is the version of what answered.
 */
public final class OpenAiDialect {
  public static final int MAXIMUM_BODY_BYTES = 1024 * 1024;

  private final Map<String, ServedTask> tasks;
  private final Instant since;

  /**
   * @param since what is reported as the models' date of creation
   */
  public OpenAiDialect(Collection<ServedTask> tasks, Instant since) {
    this.tasks =
        tasks.stream()
            .collect(
                Collectors.toMap(
                    served -> served.task().name(),
                    Function.identity(),
                    (first, second) -> first,
                    LinkedHashMap::new));
    this.since = since;
  }

  /**
   * @throws DialectException 400 or 404, naming the field or header that is wrong
   */
  public ChatCall decode(byte[] body, Arrival arrival) {
    RoutingPolicy policy = policy(arrival.policy());
    ChatReader reader = new ChatReader(StrictJson.object(body));
    ServedTask served = served(reader.model());
    reader.checkParameters();
    boolean logprobs = reader.logprobs();
    int topLogprobs = reader.topLogprobs();
    CacheUse cache = cacheUse(arrival.cacheControl(), reader.temperature());
    String text = reader.text();
    RequestContext context =
        new RequestContext(
            arrival.requestId(),
            arrival.tenant(),
            policy,
            cache,
            arrival.receivedAt(),
            arrival.receivedAt().plus(served.patience()));
    return new ChatCall(
        new InferenceRequest.Classify(context, served.task(), new Input.Text(text)),
        logprobs,
        topLogprobs);
  }

  public Reply encode(ChatCall call, Decision decision) {
    Map<String, String> headers = TierwiseHeaders.of(call.request(), decision);
    return switch (decision) {
      case Decision.Answered answered ->
          new Reply(200, headers, bytes(ChatWriter.completion(call, answered)));
      case Decision.Refused refused -> refusal(call.request(), refused.refusal(), headers);
    };
  }

  /** The answer to {@code GET /v1/models}: every task. */
  public Reply models() {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.put("object", "list");
    ArrayNode data = root.putArray("data");
    tasks.values().forEach(served -> model(data.addObject(), served));
    return new Reply(200, Map.of(), bytes(root));
  }

  /** The answer to {@code GET /v1/models/NAME}. */
  public Reply model(String name) {
    ServedTask served = tasks.get(name);
    if (served == null) {
      return error(404, modelNotFound(name), Map.of());
    }
    return new Reply(200, Map.of(), bytes(model(StrictJson.MAPPER.createObjectNode(), served)));
  }

  /** An error of any status in OpenAI's form. */
  public static Reply error(int status, OpenAiError error, Map<String, String> headers) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    ObjectNode object = root.putObject("error");
    object.put("message", wellFormed(error.message()));
    object.put("type", error.type());
    String param = error.param();
    object.put("param", param == null ? null : wellFormed(param));
    object.put("code", error.code());
    return new Reply(status, headers, bytes(root));
  }

  private ServedTask served(String model) {
    ServedTask served = tasks.get(model);
    if (served == null) {
      throw new DialectException(404, modelNotFound(model));
    }
    return served;
  }

  private ObjectNode model(ObjectNode node, ServedTask served) {
    return node.put("id", served.task().name())
        .put("object", "model")
        .put("created", since.getEpochSecond())
        .put("owned_by", "tierwise");
  }

  private static Reply refusal(
      InferenceRequest request, Refusal refusal, Map<String, String> headers) {
    return switch (refusal) {
      case Refusal.BudgetExhausted exhausted -> {
        Duration wait = Duration.between(request.context().receivedAt(), exhausted.resetsAt());
        headers.put("retry-after", Long.toString(Math.max(1, wait.toSeconds())));
        headers.put("x-should-retry", "false");
        String message = "The budget is exhausted; it resets at " + exhausted.resetsAt() + ".";
        yield refused(429, message, "insufficient_quota", refusal, headers);
      }
      case Refusal.LargeUnavailable unavailable -> {
        headers.put("retry-after", Long.toString(secondsToWait(unavailable.cause())));
        String message = "The large model is unavailable: " + words(unavailable.cause()) + ".";
        yield refused(503, message, "server_error", refusal, headers);
      }
      case Refusal.NoCheapCandidate none -> {
        boolean asked = request.context().policy() == RoutingPolicy.CHEAP_ONLY;
        if (asked) {
          headers.put("x-should-retry", "false");
        } else {
          headers.put("retry-after", "1");
        }
        String message = "Only cheap tiers may answer, and none has a candidate.";
        yield refused(503, message, "server_error", refusal, headers);
      }
    };
  }

  private static Reply refused(
      int status, String message, String type, Refusal refusal, Map<String, String> headers) {
    String code = refusal.code().replace('-', '_');
    return error(status, new OpenAiError(message, type, null, code), headers);
  }

  private static String words(Attempt.Cause cause) {
    return switch (cause) {
      case TIMEOUT -> "it did not answer in time";
      case SATURATED -> "it takes no more concurrent requests";
      case BREAKER_OPEN -> "it has failed repeatedly and is left alone for a while";
      case THROTTLED -> "it refused for its own rate limit";
      case FAILED -> "it failed";
      case UNUSABLE_ANSWER -> "it answered something that is none of the task's labels";
    };
  }

  /** A hint, not a promise: how long such trouble lasts at least. */
  private static long secondsToWait(Attempt.Cause cause) {
    return switch (cause) {
      case TIMEOUT, SATURATED, FAILED, UNUSABLE_ANSWER -> 1;
      case THROTTLED -> 5;
      case BREAKER_OPEN -> 10;
    };
  }

  private static RoutingPolicy policy(@Nullable String header) {
    if (header == null) {
      return RoutingPolicy.DEFAULT;
    }
    return switch (header.strip()) {
      case "default" -> RoutingPolicy.DEFAULT;
      case "large-only" -> RoutingPolicy.LARGE_ONLY;
      case "cheap-only" -> RoutingPolicy.CHEAP_ONLY;
      default ->
          throw badRequest(
              TierwiseHeaders.POLICY,
              "The header '"
                  + TierwiseHeaders.POLICY
                  + "' must be default, large-only or cheap-only.",
              "invalid_value");
    };
  }

  /** An answer sampled at a temperature is neither kept nor taken from what was kept. */
  private static CacheUse cacheUse(@Nullable String header, double temperature) {
    if (temperature > 0) {
      return new CacheUse(false, false);
    }
    var directives =
        Stream.of(Optional.ofNullable(header).orElse("").split(",", -1))
            .map(directive -> directive.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return new CacheUse(!directives.contains("no-cache"), !directives.contains("no-store"));
  }

  private static OpenAiError modelNotFound(String model) {
    String message =
        "The model `" + excerpt(model) + "` does not exist or you do not have access to it.";
    return OpenAiError.invalid("model", message, "model_not_found");
  }

  /** Callers' own words, as far as an error repeats them. */
  static String excerpt(String words) {
    return words.length() <= 64 ? words : words.substring(0, 64) + "…";
  }

  /** JSON can name half a surrogate pair by escape, but UTF-8 cannot hold it. */
  private static String wellFormed(String words) {
    return new String(words.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(JsonNode node) {
    try {
      return StrictJson.MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values always has a JSON form", e);
    }
  }
}
