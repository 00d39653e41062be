package io.tierwise.gateway.tier;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Over TLS, by the JDK's client: it knows HTTP/2, proxies and certificates. */
final class ClientCalls implements UpstreamCalls {
  private final URI target;
  private final Destinations destinations;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  ClientCalls(URI target, Duration connectTimeout, Destinations destinations) {
    this.destinations = destinations;
    this.target = target;
    this.http =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
  }

  @Override
  public Reply post(byte[] body, Map<String, String> headers, Duration limit)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(limit)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    // The request's own timeout ends with the headers; this one covers the body as well. The call
    // gets a thread of its own, for sendAsync ends in the common pool, where others may block.
    Future<HttpResponse<byte[]>> call = threads.submit(() -> send(request.build()));
    try {
      HttpResponse<byte[]> response = call.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return new Reply(
          response.statusCode(),
          response.body(),
          response.headers().firstValue("retry-after").orElse(null));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException trouble) {
        throw trouble;
      }
      throw new IOException("the call failed", e.getCause());
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("the answer did not end in time");
    } finally {
      // What still runs is of use to nobody: the interrupt closes the connection.
      call.cancel(true);
    }
  }

  /**
   * The client resolves the name once more, in the JVM's cache; what a name would mean in between
   * has no certificate for it.
   */
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    destinations.resolve(target.getHost());
    return http.send(request, limited());
  }

  private static HttpResponse.BodyHandler<byte[]> limited() {
    return BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_REPLY_BYTES);
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}
