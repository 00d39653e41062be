package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An API key as its holder presents it: {@code tw_<id>_<secret>}, 6 random bytes that name it and
 * 32 that prove it, in hexadecimal.
 */
public record KeyText(String id, String secret) {
  /** Compared with when there is no such key, so that both cases take one comparison. */
  public static final KeyText NOBODY = new KeyText("000000000000", "0".repeat(64));

  private static final String PREFIX = "tw_";
  private static final int ID_BYTES = 6;
  private static final int SECRET_BYTES = 32;

  /** A new one. */
  public static KeyText draw(RandomGenerator random) {
    return new KeyText(hex(random, ID_BYTES), hex(random, SECRET_BYTES));
  }

  /** Empty where it has another form. */
  public static Optional<KeyText> parse(String presented) {
    int secret = PREFIX.length() + 2 * ID_BYTES + 1;
    boolean fits =
        presented.length() == secret + 2 * SECRET_BYTES
            && presented.startsWith(PREFIX)
            && isHex(presented, PREFIX.length(), secret - 1)
            && presented.charAt(secret - 1) == '_'
            && isHex(presented, secret, presented.length());
    return fits
        ? Optional.of(
            new KeyText(
                presented.substring(PREFIX.length(), secret - 1), presented.substring(secret)))
        : Optional.empty();
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char each = text.charAt(i);
      boolean digit = each >= '0' && each <= '9';
      boolean letter = each >= 'a' && each <= 'f';
      if (!digit && !letter) {
        return false;
      }
    }
    return true;
  }

  /** What is kept of the secret: 256 random bits need no salt and no slow hash. */
  public byte[] digest() {
    return Sha256.begin().digest(secret.getBytes(US_ASCII));
  }

  private static String hex(RandomGenerator random, int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  @Override
  public String toString() {
    return PREFIX + id + "_" + secret;
  }
}
