package io.tierwise.gateway.semantic;

import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;

/** Turns a text into a vector of length 1 that says what it means. Thread-safe. */
public interface TextEncoder extends AutoCloseable {
  /** With its version: vectors of another one are not comparable. */
  String name();

  float[] encode(String text);

  @Override
  void close();

  /** Makes one. */
  @FunctionalInterface
  interface Loader {
    /**
     * @throws IOException where it is not installed
     */
    TextEncoder load() throws IOException;
  }

  /**
   * The one that students are distilled with.
   *
   * @param threads texts encoded at once; more wait
   */
  static TextEncoder bgeSmall(int threads) throws IOException {
    return of(SentenceEncoder.bgeSmall(threads));
  }

  /**
   * The one that routers are trained with.
   *
   * @param threads texts encoded at once; more wait
   */
  static TextEncoder bgeSmallMiddle(int threads) throws IOException {
    return of(SentenceEncoder.bgeSmallMiddle(threads));
  }

  private static TextEncoder of(SentenceEncoder encoder) {
    return new TextEncoder() {
      @Override
      public String name() {
        return encoder.name();
      }

      @Override
      public float[] encode(String text) {
        return encoder.encode(text);
      }

      @Override
      public void close() {
        encoder.close();
      }
    };
  }
}
