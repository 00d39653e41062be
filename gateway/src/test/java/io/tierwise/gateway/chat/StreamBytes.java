package io.tierwise.gateway.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.Duration;

/** What an upstream may send as a stream of events. */
public final class StreamBytes {
  private StreamBytes() {}

  /** Reads all of it, whatever it is, and counts its tokens. */
  public static void read(byte[] bytes) {
    ChatUsage usage = new ChatUsage("gpt-4o", MissingNode.getInstance());
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new LimitedBody(new ByteArrayInputStream(bytes), 64 * 1024), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("data:")) {
          usage.readChunk(line.substring("data:".length()).strip());
        }
      }
    } catch (IOException e) {
      if (bytes.length <= 64 * 1024) {
        throw new UncheckedIOException(e);
      }
    }
    usage.readWhole(bytes);
    usage.usage(Duration.ofMillis(1));
  }
}
