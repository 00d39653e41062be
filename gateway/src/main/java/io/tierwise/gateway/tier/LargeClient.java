package io.tierwise.gateway.tier;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.tierwise.gateway.tier.LargeReply.Blame;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt.Cause;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls one endpoint over HTTP. Every outcome is a {@link LargeReply}; nothing is retried here. */
public final class LargeClient implements AutoCloseable {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  private final Endpoint endpoint;
  private final Clock clock;
  private final LongSupplier ticker;
  private final JsonMapper json;
  private final RequestSigner signer;
  private final Duration connectTimeout;
  private final Map<String, Line> lines = new ConcurrentHashMap<>();

  /** An address, and the connections to it. */
  private record Line(URI target, UpstreamCalls calls) {}

  public LargeClient(Endpoint endpoint, Surroundings surroundings) {
    this(endpoint, surroundings, RequestSigner.NONE);
  }

  public LargeClient(Endpoint endpoint, Surroundings surroundings, RequestSigner signer) {
    this.endpoint = endpoint;
    this.signer = signer;
    this.clock = surroundings.clock();
    this.ticker = surroundings.ticker();
    this.json =
        new JsonMapper(
            JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
                // A virtual thread would keep buffers of its own while it waits for the model.
                .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                .build());
    this.connectTimeout = shorter(endpoint.timeout(), LONGEST_CONNECT);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /**
   * Asks once.
   *
   * @param input such as the wire reads
   * @param patience how long to wait at most; the endpoint's own timeout where that is shorter
   * @param count whether tokens are to be counted where the reply does not report them
   */
  LargeReply ask(
      Wire wire, Task.Classification task, Input input, Duration patience, boolean count) {
    Duration limit = shorter(patience, endpoint.timeout());
    JsonNode question = wire.ask(endpoint.model(), task, input);
    long start = ticker.getAsLong();
    try {
      Line line = line(endpoint.path(wire));
      byte[] body = json.writeValueAsBytes(question);
      UpstreamCalls.Reply response = line.calls().post(body, headers(line.target(), body), limit);
      JsonNode asked = count ? question : null;
      return reply(wire, task, response, asked, calledSince(start));
    } catch (IOException e) {
      return failed(e, limit, calledSince(start));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      String detail = "nobody waits for it any more";
      return trouble(Cause.CANCELLED, detail, Blame.LIMIT, false, calledSince(start));
    }
  }

  /** One for each path: put together once, for an address takes its time to be read. */
  private Line line(String path) {
    Line known = lines.get(path);
    return known != null ? known : lines.computeIfAbsent(path, this::newLine);
  }

  private Line newLine(String path) {
    URI target = endpoint.target(path);
    return new Line(target, newCalls(target));
  }

  private UpstreamCalls newCalls(URI target) {
    return "https".equalsIgnoreCase(target.getScheme())
        ? new ClientCalls(target, connectTimeout, endpoint.destinations())
        : new PlainCalls(target, connectTimeout, endpoint.destinations());
  }

  private Map<String, String> headers(URI target, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.put("accept", "application/json");
    String key = endpoint.apiKey();
    if (key != null) {
      headers.put("authorization", "Bearer " + key);
    }
    if (signer.signs(target)) {
      signer.headers(target, body).forEach((name, value) -> headers.put(lower(name), value));
    }
    return headers;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private LargeReply failed(IOException e, Duration limit, Usage called) {
    if (e instanceof HttpTimeoutException) {
      String detail = "no answer within " + limit.toMillis() + " ms";
      // Cut short by the caller's deadline, it says nothing about the endpoint.
      return limit.equals(endpoint.timeout())
          ? trouble(Cause.TIMEOUT, detail, Blame.ENDPOINT, false, called)
          : trouble(Cause.DEADLINE, detail, Blame.LIMIT, false, called);
    }
    String message = e.getMessage();
    String detail = e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    return trouble(Cause.FAILED, detail, Blame.ENDPOINT, true, called);
  }

  private LargeReply reply(
      Wire wire,
      Task.Classification task,
      UpstreamCalls.Reply response,
      @Nullable JsonNode toCount,
      Usage called) {
    int status = response.status();
    if (status == 200) {
      return read(wire, task, response.body(), toCount, called);
    }
    String detail = "it answered with status " + status;
    return switch (status) {
      case 429 ->
          new LargeReply.Trouble(
              Cause.THROTTLED, detail, Blame.LIMIT, true, retryAfter(response), called);
      // The key, the address or the method is wrong: every request will fare so.
      case 401, 403, 404, 405 -> trouble(Cause.FAILED, detail, Blame.ENDPOINT, false, called);
      default ->
          status >= 400 && status < 500 && status != 408
              ? trouble(Cause.FAILED, detail, Blame.REQUEST, false, called)
              : new LargeReply.Trouble(
                  Cause.FAILED,
                  detail,
                  Blame.ENDPOINT,
                  status >= 500 || status == 408,
                  retryAfter(response),
                  called);
    };
  }

  /**
   * @param toCount the question, where tokens are to be counted that the reply does not report
   */
  private LargeReply read(
      Wire wire, Task.Classification task, byte[] body, @Nullable JsonNode toCount, Usage called) {
    Wire.Reading reading;
    JsonNode reply = NullNode.getInstance();
    try {
      reply = json.readTree(body);
      reading = wire.read(task, reply);
    } catch (IOException e) {
      reading = new Wire.Reading.Malformed("the reply is not JSON");
    } catch (InvalidValueException e) {
      reading = new Wire.Reading.Malformed(e.field() + ": " + e.trouble());
    }
    JsonNode said = reply;
    Supplier<Usage> estimate =
        () ->
            toCount == null ? called : TokenCount.estimate(endpoint.model(), toCount, said, called);
    return switch (reading) {
      case Wire.Reading.Labelled labelled ->
          new LargeReply.Answered(labelled.answer(), counted(called, labelled.tokens(), estimate));
      case Wire.Reading.NoLabel none ->
          trouble(
              Cause.UNUSABLE_ANSWER,
              none.detail(),
              Blame.REQUEST,
              false,
              counted(called, none.tokens(), estimate));
      case Wire.Reading.Malformed malformed ->
          trouble(Cause.UNUSABLE_ANSWER, malformed.detail(), Blame.ENDPOINT, false, called);
    };
  }

  private Usage calledSince(long start) {
    return Usage.call(Duration.ofNanos(Math.max(0, ticker.getAsLong() - start)));
  }

  private static Usage counted(
      Usage called, Wire.@Nullable Tokens tokens, Supplier<Usage> otherwise) {
    return tokens == null
        ? otherwise.get()
        : new Usage(1, tokens.input(), tokens.cachedInput(), tokens.output(), called.compute());
  }

  private static LargeReply.Trouble trouble(
      Cause cause, String detail, Blame blame, boolean again, Usage called) {
    return new LargeReply.Trouble(cause, detail, blame, again, null, called);
  }

  /** The Retry-After header, in seconds or as a date; null where there is none that makes sense. */
  private @Nullable Duration retryAfter(UpstreamCalls.Reply response) {
    Optional<String> header = Optional.ofNullable(response.retryAfter()).map(String::strip);
    if (header.isEmpty()) {
      return null;
    }
    if (header.get().matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(header.get()));
    }
    try {
      Instant until =
          ZonedDateTime.parse(header.get(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(clock.instant(), until);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  @Override
  public void close() {
    lines.values().forEach(line -> line.calls().close());
  }
}
