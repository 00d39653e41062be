package io.tierwise.gateway.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Passes an upstream's events on, line by line as they come, and finds out how the stream ends. The
 * last line, {@code [DONE]}, is held back until the answer is on the ledger.
 */
final class ChatStream {
  static final String DATA = "data:";
  static final String DONE = "[DONE]";

  /** The event that ends a stream. */
  static final String LAST = DATA + " " + DONE + "\n\n";

  private final EventLines lines;
  private final ChatUsage usage;
  private boolean done;

  ChatStream(EventLines lines, ChatUsage usage) {
    this.lines = lines;
    this.usage = usage;
  }

  /** How a stream ended. */
  enum Outcome {
    /** With all that belongs to it. */
    ENDED("ended"),
    /** The caller went away. */
    LEFT("left"),
    /** The upstream's connection ended before its answer did. */
    TRUNCATED("truncated"),
    /** The upstream said nothing for as long as it may be silent. */
    STALLED("stalled"),
    /** An event was none that OpenAI's protocol knows. */
    MALFORMED("malformed"),
    /** The upstream itself said that it failed. */
    ERROR("error");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    /** Tells the caller, where there still is one. */
    void finish(OutputStream out) throws IOException {
      switch (this) {
        case ENDED -> write(out, LAST);
        case LEFT, ERROR -> {}
        case TRUNCATED, STALLED, MALFORMED ->
            write(
                out,
                DATA
                    + " {\"error\":{\"message\":\"The upstream's stream was "
                    + text
                    + ".\",\"type\":\"server_error\",\"param\":null,\"code\":\"stream_"
                    + text
                    + "\"}}\n\n");
      }
    }
  }

  Outcome pass(OutputStream out) {
    try (lines) {
      while (true) {
        switch (lines.next()) {
          case EventLines.Line.Text line -> {
            Outcome end = pass(line.text(), out);
            if (end != null) {
              return end;
            }
          }
          // Some upstreams forget the last line: what is whole is whole.
          case EventLines.Line.End end -> {
            return usage.finished() ? Outcome.ENDED : Outcome.TRUNCATED;
          }
          case EventLines.Line.Silence silence -> {
            return Outcome.STALLED;
          }
        }
      }
    } catch (IOException e) {
      return Outcome.LEFT;
    }
  }

  /** Whether it has said everything: a choice that is at its end, and that nothing follows. */
  boolean whole() {
    return done && usage.finished();
  }

  private @Nullable Outcome pass(String line, OutputStream out) throws IOException {
    if (line.startsWith(DATA)) {
      String data = line.substring(DATA.length()).strip();
      if (data.equals(DONE)) {
        done = true;
        return Outcome.ENDED;
      }
      ChatUsage.Chunk chunk = usage.readChunk(data);
      if (chunk == ChatUsage.Chunk.MALFORMED) {
        return Outcome.MALFORMED;
      }
      write(out, line + "\n");
      if (chunk == ChatUsage.Chunk.ERROR) {
        write(out, "\n");
        return Outcome.ERROR;
      }
      return null;
    }
    write(out, line + "\n");
    return null;
  }

  private static void write(OutputStream out, String text) throws IOException {
    try {
      out.write(text.getBytes(UTF_8));
      out.flush();
    } catch (RuntimeException e) {
      // The server's own stream knows no checked exception.
      throw new IOException(e);
    }
  }
}
