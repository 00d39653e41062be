package io.tierwise.gateway.tier;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls one endpoint over HTTP. Every outcome is a {@link LargeReply}; nothing is retried here. */
public final class LargeClient implements AutoCloseable {
  private static final int LARGEST_REPLY_BYTES = 8 * 1024 * 1024;
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  private final Endpoint endpoint;
  private final Clock clock;
  private final LongSupplier ticker;
  private final JsonMapper json;
  private final ExecutorService threads;
  private final HttpClient http;
  private final RequestSigner signer;

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
                .build());
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
    this.http =
        HttpClient.newBuilder()
            .executor(threads)
            // Plain servers stumble over the offer to upgrade to HTTP/2 that is the default.
            .version(
                "https".equalsIgnoreCase(endpoint.base().getScheme())
                    ? HttpClient.Version.HTTP_2
                    : HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(shorter(endpoint.timeout(), LONGEST_CONNECT))
            .build();
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
    HttpRequest request = request(wire, question, limit);
    long start = ticker.getAsLong();
    // The request's own timeout ends with the headers; this one covers the body as well. The call
    // gets a thread of its own, for sendAsync ends in the common pool, where others may block.
    Future<HttpResponse<byte[]>> call = threads.submit(() -> http.send(request, body()));
    try {
      HttpResponse<byte[]> response = call.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      JsonNode asked = count ? question : null;
      return reply(wire, task, response, asked, calledSince(start));
    } catch (ExecutionException e) {
      return failed(Objects.requireNonNullElse(e.getCause(), e), limit, calledSince(start));
    } catch (TimeoutException e) {
      return failed(e, limit, calledSince(start));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      String detail = "nobody waits for it any more";
      return trouble(Cause.CANCELLED, detail, Blame.LIMIT, false, calledSince(start));
    } finally {
      // What still runs is of use to nobody: the interrupt closes the connection.
      call.cancel(true);
    }
  }

  private static HttpResponse.BodyHandler<byte[]> body() {
    return BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_REPLY_BYTES);
  }

  private LargeReply failed(Throwable e, Duration limit, Usage called) {
    if (e instanceof HttpTimeoutException || e instanceof TimeoutException) {
      String detail = "no answer within " + limit.toMillis() + " ms";
      // Cut short by the caller's deadline, it says nothing about the endpoint.
      return limit.equals(endpoint.timeout())
          ? trouble(Cause.TIMEOUT, detail, Blame.ENDPOINT, false, called)
          : trouble(Cause.DEADLINE, detail, Blame.LIMIT, false, called);
    }
    String message = e.getMessage();
    String detail = e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    return trouble(Cause.FAILED, detail, Blame.ENDPOINT, e instanceof IOException, called);
  }

  private HttpRequest request(Wire wire, JsonNode question, Duration limit) {
    URI target = endpoint.target(wire);
    byte[] body = question.toString().getBytes(StandardCharsets.UTF_8);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(limit)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    String key = endpoint.apiKey();
    if (key != null) {
      request.header("authorization", "Bearer " + key);
    }
    if (signer.signs(target)) {
      signer.headers(target, body).forEach(request::setHeader);
    }
    return request.build();
  }

  private LargeReply reply(
      Wire wire,
      Task.Classification task,
      HttpResponse<byte[]> response,
      @Nullable JsonNode toCount,
      Usage called) {
    int status = response.statusCode();
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
  private @Nullable Duration retryAfter(HttpResponse<?> response) {
    Optional<String> header = response.headers().firstValue("retry-after").map(String::strip);
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
    http.shutdownNow();
    threads.shutdownNow();
  }
}
