package io.tierwise.bench.semantic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Pairs of questions, written by hand, that are near in words and have different answers. */
public final class Adversaries {
  private Adversaries() {}

  /**
   * One pair.
   *
   * @param kind what they differ in: number, negation, reversal or entity
   */
  public record Pair(String kind, String one, String other) {}

  /** All that ship. */
  public static List<Pair> all() throws IOException {
    try (InputStream in = Adversaries.class.getResourceAsStream("adversarial.tsv")) {
      if (in == null) {
        throw new IOException("adversarial.tsv is missing from the jar");
      }
      List<Pair> pairs = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (!line.startsWith("#")) {
          String[] parts = line.split("\\|", -1);
          pairs.add(new Pair(parts[0], parts[1], parts[2]));
        }
      }
      return pairs;
    }
  }
}
