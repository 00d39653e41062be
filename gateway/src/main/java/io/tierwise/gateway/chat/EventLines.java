package io.tierwise.gateway.chat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The lines of a stream of events, with a limit on how long the next one may take. */
final class EventLines implements AutoCloseable {
  private final InputStream body;
  private final Duration patience;
  private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();

  /** What came next. */
  sealed interface Line {
    /** A line without its end. */
    record Text(String text) implements Line {}

    /** The connection ended, in whatever way. */
    record End(String detail) implements Line {}

    /** Nothing came for as long as it may take. */
    record Silence() implements Line {}
  }

  /** Reads a body to its end and hands on each line as it comes. */
  @FunctionalInterface
  interface Reading {
    void read(InputStream body, Consumer<String> lines) throws IOException;
  }

  EventLines(InputStream body, Reading reading, Duration patience, ExecutorService threads) {
    this.body = body;
    this.patience = patience;
    threads.execute(() -> read(reading));
  }

  private void read(Reading reading) {
    try {
      reading.read(body, line -> lines.add(new Line.Text(line)));
      lines.add(new Line.End("it ended"));
    } catch (IOException e) {
      lines.add(new Line.End(String.valueOf(e.getMessage())));
    }
  }

  Line next() {
    try {
      Line line = lines.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      return line == null ? new Line.Silence() : line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Line.End("interrupted");
    }
  }

  @Override
  public void close() {
    ChatUpstream.close(body);
  }
}
