package io.tierwise.gateway.chat;

import io.tierwise.gateway.tier.Endpoint;
import io.tierwise.gateway.tier.Resilience;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.tier.Attempt.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One model that chats are passed to, behind its endpoint's breaker and limit of concurrent calls,
 * which it shares with the tasks that use the same upstream.
 */
public final class ChatUpstream implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int LARGEST_REPLY_BYTES = 8 << 20;

  private final Endpoint endpoint;
  private final Resilience resilience;
  private final Tariff tariff;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  public ChatUpstream(Endpoint endpoint, Resilience resilience, Tariff tariff) {
    this.endpoint = endpoint;
    this.resilience = resilience;
    this.tariff = tariff;
    this.http =
        HttpClient.newBuilder()
            .executor(threads)
            .version(
                "https".equalsIgnoreCase(endpoint.base().getScheme())
                    ? HttpClient.Version.HTTP_2
                    : HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Tariff tariff() {
    return tariff;
  }

  /** How a call began. */
  sealed interface Opened {
    /**
     * It answers; the permit is to be ended once all of it has been read.
     *
     * @param contentType as the upstream calls it
     */
    record Answering(
        int status,
        String contentType,
        @Nullable String retryAfter,
        InputStream body,
        Resilience.Permit permit)
        implements Opened {}

    /** It does not. */
    record Failed(Cause cause, String detail) implements Opened {}
  }

  /**
   * Asks once, up to the headers of the answer.
   *
   * @param cancellation gives the call up, also while its body is read
   */
  Opened open(byte[] body, Cancellation cancellation) {
    Resilience.Entry entry = resilience.enter();
    return switch (entry) {
      case Resilience.Entry.Refused refused -> new Opened.Failed(refused.cause(), refused.detail());
      case Resilience.Entry.Entered entered -> open(body, entered.permit(), cancellation);
    };
  }

  private Opened open(byte[] body, Resilience.Permit permit, Cancellation cancellation) {
    Future<HttpResponse<InputStream>> call =
        threads.submit(() -> {
          endpoint.requireAllowed();
          return http.send(request(body), BodyHandlers.ofInputStream());
        });
    cancellation.whenCancelled(() -> call.cancel(true));
    try {
      HttpResponse<InputStream> response =
          call.get(endpoint.timeout().toNanos(), TimeUnit.NANOSECONDS);
      InputStream content = new LimitedBody(response.body(), 2L * LARGEST_REPLY_BYTES);
      cancellation.whenCancelled(() -> close(content));
      return new Opened.Answering(
          response.statusCode(),
          response.headers().firstValue("content-type").orElse("application/json"),
          response.headers().firstValue("retry-after").orElse(null),
          content,
          permit);
    } catch (TimeoutException e) {
      call.cancel(true);
      permit.end(Resilience.Health.FAILED);
      return new Opened.Failed(
          Cause.TIMEOUT, "no answer within " + endpoint.timeout().toMillis() + " ms");
    } catch (ExecutionException e) {
      permit.end(Resilience.Health.FAILED);
      return new Opened.Failed(Cause.FAILED, String.valueOf(e.getCause()));
    } catch (CancellationException e) {
      permit.end(Resilience.Health.UNKNOWN);
      return new Opened.Failed(Cause.CANCELLED, "nobody waits for it any more");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      call.cancel(true);
      permit.end(Resilience.Health.UNKNOWN);
      return new Opened.Failed(Cause.CANCELLED, "nobody waits for it any more");
    }
  }

  /**
   * All of an answer.
   *
   * @throws IOException where it breaks off, is too long or takes longer than the endpoint may
   */
  byte[] whole(InputStream body) throws IOException {
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

  /** The lines of an answer as they come. */
  EventLines lines(InputStream body) {
    return new EventLines(body, endpoint.timeout(), threads);
  }

  private HttpRequest request(byte[] body) {
    String base = endpoint.base().toString();
    String path = endpoint.base().getPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(trimmed + (bare ? "/v1/chat/completions" : "/chat/completions")))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    String key = endpoint.apiKey();
    if (key != null) {
      request.header("authorization", "Bearer " + key);
    }
    return request.build();
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
    http.shutdownNow();
    threads.shutdownNow();
  }
}
