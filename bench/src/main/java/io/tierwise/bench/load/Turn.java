package io.tierwise.bench.load;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One turn of load.
 *
 * @param target only its host and port count
 * @param requests a {@link RequestFile}, whose requests are sent in turn
 * @param connections kept alive, one request under way on each at most
 * @param rate requests a second, evenly spaced; 0 sends the next when an answer has come
 */
public record Turn(URI target, Path requests, int connections, Duration length, double rate) {
  private static final int WORDS = 6;

  public Turn {
    Requirement.positive("connections", connections);
    if (!(rate >= 0)) {
      throw new InvalidValueException("rate", rate + " is no rate", "give 0 or more a second");
    }
  }

  /** As the generator's process reads it: one line. */
  String line() {
    return String.join(
        "\t",
        target.getHost(),
        Integer.toString(target.getPort()),
        Integer.toString(connections),
        Long.toString(length.toMillis()),
        Double.toString(rate),
        requests.toString());
  }

  static Turn of(String line) {
    String[] words = line.split("\t", WORDS);
    if (words.length != WORDS) {
      throw new InvalidValueException("turn", "'" + line + "' is none", "give " + WORDS + " words");
    }
    return new Turn(
        URI.create("http://" + words[0] + ":" + words[1]),
        Path.of(words[5]),
        Integer.parseInt(words[2]),
        Duration.ofMillis(Long.parseLong(words[3])),
        Double.parseDouble(words[4]));
  }
}
