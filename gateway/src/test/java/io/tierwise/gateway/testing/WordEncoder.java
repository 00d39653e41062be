package io.tierwise.gateway.testing;

import io.tierwise.gateway.semantic.TextEncoder;
import java.util.Locale;

/** Texts of the same words have the same vector; the more words they share, the nearer they are. */
public final class WordEncoder implements TextEncoder {
  private static final int DIMENSIONS = 256;

  @Override
  public String name() {
    return "words/1";
  }

  @Override
  public float[] encode(String text) {
    float[] vector = new float[DIMENSIONS];
    for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
      vector[Math.floorMod(word.hashCode() * 0x9E3779B9, DIMENSIONS)] += 1;
    }
    double squares = 0;
    for (float value : vector) {
      squares += value * value;
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  @Override
  public void close() {}
}
