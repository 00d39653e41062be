package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.tier.Endpoint;
import io.tierwise.gateway.tier.RequestSigner;
import io.tierwise.gateway.tier.Resilience;
import io.tierwise.gateway.tier.Resilience.Health;
import io.tierwise.gateway.tier.StreamedCalls;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.tier.Attempt.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One model that chats are passed to, behind its endpoint's breaker and limit of concurrent calls,
 * which it shares with the tasks that use the same upstream.
 */
public final class ChatUpstream implements AutoCloseable {
  private static final int LARGEST_REPLY_BYTES = 8 << 20;

  private final Endpoint endpoint;
  private final Resilience resilience;
  private final Tariff tariff;
  private final ChatWire wire;
  private final RequestSigner signer;
  private final RecentTimes wholeTimes = new RecentTimes();
  private final RecentTimes streamTimes = new RecentTimes();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final StreamedCalls calls;

  private ChatUpstream(
      Endpoint endpoint,
      Resilience resilience,
      Tariff tariff,
      ChatWire wire,
      RequestSigner signer) {
    this.endpoint = endpoint;
    this.resilience = resilience;
    this.tariff = tariff;
    this.wire = wire;
    this.signer = signer;
    this.calls = StreamedCalls.to(endpoint);
  }

  /**
   * One that speaks a protocol.
   *
   * @param signer of calls to endpoints that know their callers by a signature
   * @throws InvalidValueException where the protocol has no chats
   */
  public static ChatUpstream of(
      Protocol protocol,
      Endpoint endpoint,
      Resilience resilience,
      Tariff tariff,
      RequestSigner signer,
      Clock clock) {
    ChatWire wire =
        switch (protocol) {
          case OPENAI -> ChatWire.OPENAI;
          case ANTHROPIC -> new AnthropicWire(clock);
          case BEDROCK -> new BedrockWire(clock);
          case INVOCATIONS ->
              throw new InvalidValueException(
                  "upstream", "it speaks invocations, which has no chats", "use another for chats");
        };
    return new ChatUpstream(endpoint, resilience, tariff, wire, signer);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Tariff tariff() {
    return tariff;
  }

  /**
   * The time within which nineteen of twenty calls begin to be answered; empty before there were
   * enough.
   */
  Optional<Duration> usual(boolean stream) {
    return times(stream).p95();
  }

  private RecentTimes times(boolean stream) {
    return stream ? streamTimes : wholeTimes;
  }

  /** How a call began. */
  sealed interface Opened {
    /**
     * It answers, or says what is wrong with the question. The permit is to be ended once all of it
     * has been read.
     *
     * @param stream whether events follow
     */
    record Answering(
        int status, String contentType, boolean stream, InputStream body, Resilience.Permit permit)
        implements Opened {}

    /** Its protocol has no place for what is asked. */
    record Unsupported(String field, String detail) implements Opened {}

    /** It does not; another might. */
    record Failed(Cause cause, String detail) implements Opened {}
  }

  /** What a call that is no stream came to. */
  sealed interface Called {
    /** An answer, in OpenAI's form. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to the caller, never compared
    record Said(int status, String contentType, byte[] content, ChatUsage usage)
        implements Called {}

    /** The caller's own mistake, as the upstream says it. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to the caller, never compared
    record Rejected(int status, String contentType, byte[] content) implements Called {}

    /** No answer; another might give one. */
    record Failed(Cause cause, String detail) implements Called {}
  }

  /**
   * Asks once, up to the headers of the answer.
   *
   * @param question in OpenAI's form
   * @param cancellation gives the call up, also while its body is read
   */
  Opened open(ObjectNode question, Cancellation cancellation) {
    byte[] body;
    try {
      body = wire.request(question, endpoint.model());
    } catch (UnsupportedChatException e) {
      return new Opened.Unsupported(e.field(), String.valueOf(e.getMessage()));
    }
    Resilience.Entry entry = resilience.enter();
    return switch (entry) {
      case Resilience.Entry.Refused refused -> new Opened.Failed(refused.cause(), refused.detail());
      case Resilience.Entry.Entered entered -> {
        long began = System.nanoTime();
        boolean stream = question.path("stream").asBoolean(false);
        Opened opened = open(target(stream), body, entered.permit(), cancellation);
        if (opened instanceof Opened.Answering) {
          times(stream).add(Duration.ofNanos(System.nanoTime() - began));
        }
        yield opened;
      }
    };
  }

  private Opened open(
      URI target, byte[] body, Resilience.Permit permit, Cancellation cancellation) {
    try {
      return answering(
          calls.open(target, body, headers(target, body), endpoint.timeout(), cancellation),
          permit,
          cancellation);
    } catch (HttpTimeoutException e) {
      permit.end(Health.FAILED);
      return new Opened.Failed(
          Cause.TIMEOUT, "no answer within " + endpoint.timeout().toMillis() + " ms");
    } catch (IOException e) {
      permit.end(Health.FAILED);
      return new Opened.Failed(Cause.FAILED, e.toString());
    } catch (CancellationException e) {
      permit.end(Health.UNKNOWN);
      return new Opened.Failed(Cause.CANCELLED, "nobody waits for it any more");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      permit.end(Health.UNKNOWN);
      return new Opened.Failed(Cause.CANCELLED, "nobody waits for it any more");
    }
  }

  private Opened answering(
      StreamedCalls.Answer answer, Resilience.Permit permit, Cancellation cancellation) {
    InputStream content = new LimitedBody(answer.body(), 2L * LARGEST_REPLY_BYTES);
    int status = answer.status();
    if (status >= 500 || itsOwnFault(status)) {
      boolean limit = status == 429;
      permit.end(limit ? Health.UNKNOWN : Health.FAILED);
      close(content);
      return new Opened.Failed(
          limit ? Cause.THROTTLED : Cause.FAILED, "it answered with status " + status);
    }
    cancellation.whenCancelled(() -> close(content));
    String type = answer.contentType();
    boolean stream = status < 400 && wire.streams(type);
    return new Opened.Answering(
        status, stream ? "text/event-stream; charset=utf-8" : type, stream, content, permit);
  }

  /** What is wrong with the upstream, and not with what the caller asks. */
  private static boolean itsOwnFault(int status) {
    return status == 401
        || status == 403
        || status == 404
        || status == 405
        || status == 408
        || status == 429;
  }

  /** Asks once what is no stream. */
  Called call(ObjectNode question, Cancellation cancellation) {
    return switch (open(question, cancellation)) {
      case Opened.Answering answering -> whole(answering, question, cancellation);
      case Opened.Unsupported unsupported -> rejected(unsupported);
      case Opened.Failed failed -> new Called.Failed(failed.cause(), failed.detail());
    };
  }

  /** What cannot be asked of this upstream, in OpenAI's form. */
  static Called.Rejected rejected(Opened.Unsupported unsupported) {
    return new Called.Rejected(
        400, "application/json", OpenAiForm.unsupported(unsupported.field(), unsupported.detail()));
  }

  /** Reads all of an answer that is no stream. */
  Called whole(Opened.Answering answering, ObjectNode question, Cancellation cancellation) {
    byte[] content;
    try {
      content = read(answering.body());
    } catch (IOException e) {
      boolean left = cancellation.cancelled();
      answering.permit().end(left ? Health.UNKNOWN : Health.FAILED);
      return new Called.Failed(
          left ? Cause.CANCELLED : Cause.FAILED, String.valueOf(e.getMessage()));
    }
    answering.permit().end(Health.WELL);
    try {
      byte[] translated = wire.answer(answering.status(), content, endpoint.model());
      if (answering.status() >= 400) {
        return new Called.Rejected(answering.status(), answering.contentType(), translated);
      }
      ChatUsage usage = new ChatUsage(endpoint.model(), question);
      return usage.readWhole(translated)
          ? new Called.Said(answering.status(), answering.contentType(), translated, usage)
          : new Called.Failed(Cause.UNUSABLE_ANSWER, "the reply is no JSON object");
    } catch (IOException e) {
      return new Called.Failed(Cause.UNUSABLE_ANSWER, String.valueOf(e.getMessage()));
    }
  }

  /**
   * @throws IOException where it breaks off, is too long or takes longer than the endpoint may
   */
  private byte[] read(InputStream body) throws IOException {
    Future<byte[]> read = threads.submit(() -> body.readNBytes(LARGEST_REPLY_BYTES + 1));
    try (body) {
      byte[] content = read.get(endpoint.timeout().toNanos(), TimeUnit.NANOSECONDS);
      if (content.length > LARGEST_REPLY_BYTES) {
        throw new IOException("it has more than " + LARGEST_REPLY_BYTES + " bytes");
      }
      return content;
    } catch (ExecutionException e) {
      throw new IOException("it broke off", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("it did not end in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The lines of an answer as they come, in OpenAI's form. */
  EventLines lines(InputStream body, ObjectNode question) {
    return new EventLines(
        body,
        (content, lines) -> wire.events(content, question, endpoint.model(), lines),
        endpoint.timeout(),
        threads);
  }

  private URI target(boolean stream) {
    String path = endpoint.base().getPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    return endpoint.target(wire.path(bare, endpoint.model(), stream));
  }

  private Map<String, String> headers(URI target, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.putAll(wire.headers(endpoint.apiKey()));
    if (signer.signs(target)) {
      headers.putAll(signer.headers(target, body));
    }
    return headers;
  }

  static void close(InputStream content) {
    try {
      content.close();
    } catch (IOException e) {
      // It was to be given up anyway.
    }
  }

  @Override
  public void close() {
    calls.close();
    threads.shutdownNow();
  }
}
