package io.tierwise.bench.speed;

import io.tierwise.bench.load.RequestFile;
import io.tierwise.bench.load.Turn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Something that answers, and the requests it is sent.
 *
 * @param pid of the process that answers
 * @param tier that is to answer, as a gateway's header names it; empty where there are none
 * @param samples the requests, as they are in the file
 */
record Contestant(
    String name, long pid, URI target, Path requests, String tier, List<byte[]> samples) {
  /**
   * Who is asked for what.
   *
   * @param server its address with the path before {@code /chat/completions}; {@code /v1} where it
   *     has none
   */
  record Asked(String name, Server server, String model, String tier) {}

  /** A process that listens. */
  record Server(long pid, String address) {}

  /** Chat completions of each text. */
  static Contestant chat(
      Asked asked, Map<String, String> headers, List<String> texts, boolean stream, Path folder)
      throws IOException {
    URI target = URI.create(asked.server().address());
    String path = (target.getPath().isEmpty() ? "/v1" : target.getPath()) + "/chat/completions";
    List<byte[]> requests =
        texts.stream()
            .map(text -> RequestFile.post(path, headers, body(asked.model(), text, stream)))
            .toList();
    Path file = RequestFile.write(folder.resolve(asked.name() + ".requests"), requests);
    return new Contestant(asked.name(), asked.server().pid(), target, file, asked.tier(), requests);
  }

  private static String body(String model, String text, boolean stream) {
    return "{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, stream ? "\"stream\":true," : "", text);
  }

  Turn turn(int connections, Duration length, double rate) {
    return new Turn(target, requests, connections, length, rate);
  }
}
