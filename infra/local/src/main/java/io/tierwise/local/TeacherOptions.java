package io.tierwise.local;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a teacher serves.
 *
 * @param port 0 for any free one
 * @param artifact directory of an encoder head or an mlp
 * @param threads how many texts are answered at once, each on one core; more callers wait
 * @param addedLatency waited before every answer, so that a small teacher can stand for a slow one
 */
public record TeacherOptions(
    String host, int port, Path artifact, int threads, Duration addedLatency) {
  private static final int HIGHEST_PORT = 65_535;

  public TeacherOptions {
    if (host.isBlank()) {
      throw new InvalidValueException("host", "it is blank", "give a name such as 127.0.0.1");
    }
    if (port < 0 || port > HIGHEST_PORT) {
      throw new InvalidValueException("port", port + " is no port", "give 0 to " + HIGHEST_PORT);
    }
    Requirement.positive("threads", threads);
    Requirement.notNegative("addedLatency", addedLatency.toNanos());
  }

  /** Adds no latency. */
  public TeacherOptions(String host, int port, Path artifact, int threads) {
    this(host, port, artifact, threads, Duration.ZERO);
  }
}
