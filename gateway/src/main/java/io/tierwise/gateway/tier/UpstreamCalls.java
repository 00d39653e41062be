package io.tierwise.gateway.tier;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one endpoint is called over HTTP. Thread-safe. */
sealed interface UpstreamCalls extends AutoCloseable permits PlainCalls, ClientCalls {
  int LARGEST_REPLY_BYTES = 8 * 1024 * 1024;

  /**
   * What came back.
   *
   * @param retryAfter the header; null where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Reply(int status, byte[] body, @Nullable String retryAfter) {}

  /**
   * Sends one request and waits for all of its answer.
   *
   * @param headers names in lower case
   * @throws java.net.http.HttpTimeoutException when it does not come within the limit
   * @throws InterruptedException when nobody waits for it any more; the connection is closed
   */
  Reply post(byte[] body, Map<String, String> headers, Duration limit)
      throws IOException, InterruptedException;

  /** Closes every connection. */
  @Override
  void close();
}
