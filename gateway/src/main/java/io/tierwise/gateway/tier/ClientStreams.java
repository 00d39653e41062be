package io.tierwise.gateway.tier;

import io.tierwise.router.request.Cancellation;
import java.io.IOException;
import java.io.InputStream;
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
final class ClientStreams implements StreamedCalls {
  private final Endpoint endpoint;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  ClientStreams(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.http =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(LONGEST_CONNECT)
            .build();
  }

  @Override
  public Answer open(
      URI target,
      byte[] body,
      Map<String, String> headers,
      Duration limit,
      Cancellation cancellation)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    Future<HttpResponse<InputStream>> call =
        threads.submit(() -> {
          endpoint.requireAllowed();
          return http.send(request.build(), BodyHandlers.ofInputStream());
        });
    cancellation.whenCancelled(() -> call.cancel(true));
    try {
      HttpResponse<InputStream> response = call.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("content-type").orElse("application/json"),
          response.body());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException trouble) {
        throw trouble;
      }
      throw new IOException("the call failed", e.getCause());
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer in time");
    } finally {
      // Without effect on one that has answered.
      call.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    threads.shutdownNow();
  }
}
