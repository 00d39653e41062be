package io.tierwise.bench.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The demo's texts, for tests in other packages. */
public final class SupportDesk {
  private SupportDesk() {}

  /** One text and its label. */
  public record Utterance(String text, String label) {}

  public static List<Utterance> read(Path home, String part) throws IOException {
    return Stream.read(home.resolve("infra/demo/support-desk").resolve(part + ".jsonl")).stream()
        .map(one -> new Utterance(one.text(), one.human().value()))
        .toList();
  }
}
