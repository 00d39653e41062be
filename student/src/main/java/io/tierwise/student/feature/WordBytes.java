package io.tierwise.student.feature;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * A text's words in one array of UTF-8 bytes, so that words, bigrams and n-grams are all runs of it
 * and none is ever a String: {@code STX ' ' word ' ' word ' ' ETX}.
 *
 * <p>The text is brought to NFKC and lower case. A word is a run of letters, digits and the marks
 * on them, or any other visible code point by itself ({@link Kind}).
 *
 * <p>Positions count code points, not bytes.
 */
final class WordBytes {
  private static final byte TEXT_BEGINS = 2;
  private static final byte TEXT_ENDS = 3;

  private byte[] bytes;
  private int length;

  /** Byte offset of every code point, and of the end. */
  private int[] offsets;

  private int codePoints;

  /** Begin and end position of every word, the text's begin and end among them. */
  private int[] bounds;

  private final BitSet symbols = new BitSet();
  private int words;
  private boolean inside;

  private WordBytes(int capacity) {
    bytes = new byte[capacity + 8];
    offsets = new int[capacity + 8];
    bounds = new int[capacity + 8];
  }

  static WordBytes of(String text) {
    String plain = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
    WordBytes result = new WordBytes(2 * plain.length());
    result.split(plain.toLowerCase(Locale.ROOT));
    return result;
  }

  /** How many words there are. */
  int count() {
    return words - 2;
  }

  int codePoints() {
    return codePoints;
  }

  /** Where a word begins; word -1 is the text's beginning. */
  int begin(int word) {
    return bounds[2 * (word + 1)];
  }

  /** Where a word ends (exclusive); word {@link #count()} is the text's end. */
  int end(int word) {
    return bounds[2 * (word + 1) + 1];
  }

  /** Whether a word is a single visible code point that is neither letter nor digit. */
  boolean isSymbol(int word) {
    return symbols.get(word + 1);
  }

  int hash(int from, int to, int seed) {
    return Murmur3.hash(bytes, offsets[from], offsets[to], seed);
  }

  private void split(String text) {
    appendWord(TEXT_BEGINS);
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      switch (Kind.of(codePoint)) {
        case WORD -> {
          if (!inside) {
            beginWord();
          }
          append(codePoint);
        }
        case MARK -> {
          if (inside) {
            append(codePoint);
          }
        }
        case SYMBOL -> {
          endWord();
          symbols.set(words);
          appendWord(codePoint);
        }
        case BREAK -> endWord();
        case INVISIBLE -> {}
      }
    }
    endWord();
    appendWord(TEXT_ENDS);
    offsets[codePoints] = length;
  }

  private void appendWord(int codePoint) {
    beginWord();
    append(codePoint);
    endWord();
  }

  private void beginWord() {
    if (2 * words + 2 > bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[2 * words] = codePoints;
    inside = true;
  }

  private void endWord() {
    if (inside) {
      bounds[2 * words + 1] = codePoints;
      words++;
      append(' ');
      inside = false;
    }
  }

  private void append(int codePoint) {
    if (length + 4 > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    if (codePoints + 2 > offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    offsets[codePoints++] = length;
    if (codePoint < 0x80) {
      bytes[length++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      bytes[length++] = (byte) (0xc0 | codePoint >> 6);
      continuation(codePoint, 0);
    } else if (codePoint < 0x10000) {
      bytes[length++] = (byte) (0xe0 | codePoint >> 12);
      continuation(codePoint, 6);
      continuation(codePoint, 0);
    } else {
      bytes[length++] = (byte) (0xf0 | codePoint >> 18);
      continuation(codePoint, 12);
      continuation(codePoint, 6);
      continuation(codePoint, 0);
    }
  }

  private void continuation(int codePoint, int shift) {
    bytes[length++] = (byte) (0x80 | (codePoint >> shift & 0x3f));
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
