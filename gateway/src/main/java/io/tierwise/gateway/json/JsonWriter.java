package io.tierwise.gateway.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON value (RFC 8259) as UTF-8, in order, without a tree and without spaces. Names and
 * values come as the structure wants them: it adds the commas, and checks nothing.
 *
 * <p>What every request writes goes through it: Jackson's generator, which checks each step, pools
 * its buffers and looks at each letter of a name, took a sixth of a cached answer. All else is
 * Jackson's. A property of the tests holds both to the same bytes.
 */
public final class JsonWriter {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(ISO_8859_1);
  private static final byte[] TRUE = "true".getBytes(ISO_8859_1);
  private static final byte[] FALSE = "false".getBytes(ISO_8859_1);
  private static final byte[] NULL = "null".getBytes(ISO_8859_1);

  /** What a long takes at most: a sign and 19 digits. */
  private static final int LONG_DIGITS = 20;

  private byte[] bytes;
  private int length;

  /** Whether a comma stands before what comes next in the innermost object or array. */
  private boolean follows;

  /**
   * @param usual how many bytes it will be, mostly
   */
  public JsonWriter(int usual) {
    this.bytes = new byte[usual];
  }

  /** A field's name, made ready once. */
  public static final class Name {
    private final byte[] quoted;

    private Name(String name) {
      JsonWriter json = new JsonWriter(name.length() + 3);
      json.string(name);
      json.put(':');
      this.quoted = json.toBytes();
    }

    public static Name of(String name) {
      return new Name(name);
    }
  }

  /** What has been written. */
  public byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** The value that is written next belongs to this name. */
  public JsonWriter name(Name name) {
    comma();
    append(name.quoted);
    follows = false;
    return this;
  }

  public JsonWriter beginObject() {
    return begin('{');
  }

  public JsonWriter endObject() {
    return end('}');
  }

  public JsonWriter beginArray() {
    return begin('[');
  }

  public JsonWriter endArray() {
    return end(']');
  }

  public JsonWriter field(Name name, String value) {
    return name(name).string(value);
  }

  public JsonWriter field(Name name, long value) {
    return name(name).number(value);
  }

  public JsonWriter field(Name name, double value) {
    return name(name).number(value);
  }

  public JsonWriter field(Name name, boolean value) {
    return name(name).literal(value ? TRUE : FALSE);
  }

  public JsonWriter nullField(Name name) {
    return name(name).literal(NULL);
  }

  /** Nothing where there is no value. */
  public JsonWriter fieldIfPresent(Name name, @Nullable Object value) {
    return value == null ? this : field(name, value.toString());
  }

  /** Half a surrogate pair, which UTF-8 cannot hold, is written as a question mark. */
  public JsonWriter string(String value) {
    comma();
    room(value.length() + 2);
    bytes[length++] = '"';
    int plain = 0;
    while (plain < value.length() && isPlain(value.charAt(plain))) {
      bytes[length++] = (byte) value.charAt(plain++);
    }
    if (plain < value.length()) {
      escaped(value.substring(plain).getBytes(UTF_8));
    }
    put('"');
    return this;
  }

  public JsonWriter number(long value) {
    comma();
    if (value < 0) {
      // The smallest has no positive counterpart.
      return raw(Long.toString(value));
    }
    room(LONG_DIGITS);
    int end = length + digits(value);
    long left = value;
    for (int i = end - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    length = end;
    return this;
  }

  /**
   * As the shortest decimal that gives the same double.
   *
   * @throws IllegalArgumentException when it is not finite, which JSON has no word for
   */
  public JsonWriter number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(value + " has no JSON form");
    }
    comma();
    return raw(Double.toString(value));
  }

  private static int digits(long value) {
    int digits = 1;
    for (long power = 10; digits < LONG_DIGITS - 1 && value >= power; power *= 10) {
      digits++;
    }
    return digits;
  }

  private static boolean isPlain(int each) {
    return each >= ' ' && each < 0x7f && each != '"' && each != '\\';
  }

  /** In UTF-8 every byte below 0x80 is a letter by itself. */
  private void escaped(byte[] text) {
    room(6 * text.length);
    for (byte each : text) {
      if (each < 0 || isPlain(each) || each == 0x7f) {
        bytes[length++] = each;
      } else {
        bytes[length++] = '\\';
        escape(each);
      }
    }
  }

  private void escape(byte each) {
    switch (each) {
      case '"', '\\' -> bytes[length++] = each;
      case '\b' -> bytes[length++] = 'b';
      case '\t' -> bytes[length++] = 't';
      case '\n' -> bytes[length++] = 'n';
      case '\f' -> bytes[length++] = 'f';
      case '\r' -> bytes[length++] = 'r';
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[each >> 4];
        bytes[length++] = HEX[each & 0xf];
      }
    }
  }

  private JsonWriter begin(char bracket) {
    comma();
    put(bracket);
    follows = false;
    return this;
  }

  private JsonWriter end(char bracket) {
    put(bracket);
    follows = true;
    return this;
  }

  private JsonWriter literal(byte[] word) {
    comma();
    append(word);
    return this;
  }

  private JsonWriter raw(String digits) {
    append(digits.getBytes(ISO_8859_1));
    return this;
  }

  private void comma() {
    if (follows) {
      put(',');
    }
    follows = true;
  }

  private void append(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  private void put(char each) {
    room(1);
    bytes[length++] = (byte) each;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
