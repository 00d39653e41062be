package io.tierwise.gateway.semantic;

import java.io.IOException;
import java.nio.file.Path;

/** Keeps answers without an end, and says the number of each once it is kept. */
final class CachingMain {
  private CachingMain() {}

  /** Each of words of its own. */
  static String text(int number) {
    return "a%1$d b%1$d c%1$d".formatted(number);
  }

  public static void main(String[] arguments) throws IOException {
    try (SemanticFixture fixture = new SemanticFixture(Path.of(arguments[0]))) {
      for (int i = 0; ; i++) {
        fixture.put("acme", text(i));
        fixture.cache.refresh();
        System.out.println(i);
      }
    }
  }
}
