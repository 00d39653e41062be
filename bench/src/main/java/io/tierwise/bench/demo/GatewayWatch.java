package io.tierwise.bench.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;

/** Waits for a gateway to say something on its metrics page. */
final class GatewayWatch {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private GatewayWatch() {}

  /**
   * @param what for the message when it does not come
   * @throws IOException when no line of the page matches in time
   */
  static void await(String gatewayUrl, Pattern line, String what) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    HttpRequest metrics = HttpRequest.newBuilder(URI.create(gatewayUrl + "/metrics")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < end) {
        String page = client.send(metrics, HttpResponse.BodyHandlers.ofString()).body();
        if (line.matcher(page).find()) {
          return;
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting until " + what, e);
    }
    throw new IOException("the gateway did not show within 30 s that " + what);
  }
}
