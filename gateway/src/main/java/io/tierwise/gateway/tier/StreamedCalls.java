package io.tierwise.gateway.tier;

import io.tierwise.router.request.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** How one endpoint is called whose answers are read as they come. Thread-safe. */
public sealed interface StreamedCalls extends AutoCloseable permits PlainStreams, ClientStreams {
  /** For connecting, of all the time that a call has. */
  Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  /**
   * An answer, up to its body.
   *
   * @param body to be closed, which gives up what has not come; a read may wait for ever, and ends
   *     with an {@link IOException} when another thread closes it
   */
  record Answer(int status, String contentType, InputStream body) {}

  /** Those of an endpoint: over TLS or not, as its address has it. */
  static StreamedCalls to(Endpoint endpoint) {
    return "https".equalsIgnoreCase(endpoint.base().getScheme())
        ? new ClientStreams(endpoint)
        : new PlainStreams(endpoint);
  }

  /**
   * Sends one request and waits for the headers of its answer.
   *
   * @param target on the endpoint's host
   * @param headers names in lower case
   * @param cancellation gives the call up
   * @throws java.net.http.HttpTimeoutException when they do not come within the limit
   * @throws java.util.concurrent.CancellationException when nobody waits for it any more
   * @throws InterruptedException when nobody waits for it any more; the connection is closed
   */
  Answer open(
      URI target,
      byte[] body,
      Map<String, String> headers,
      Duration limit,
      Cancellation cancellation)
      throws IOException, InterruptedException;

  /** Closes every connection. */
  @Override
  void close();
}
