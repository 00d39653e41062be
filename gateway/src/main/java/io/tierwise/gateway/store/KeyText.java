package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API key as its holder presents it: {@code tw_<id>_<secret>}, 6 random bytes that name it and
 * 32 that prove it, in hexadecimal.
 */
public record KeyText(String id, String secret) {
  /** Compared with when there is no such key, so that both cases take one comparison. */
  public static final KeyText NOBODY = new KeyText("000000000000", "0".repeat(64));

  private static final Pattern FORM = Pattern.compile("tw_([0-9a-f]{12})_([0-9a-f]{64})");
  private static final int ID_BYTES = 6;
  private static final int SECRET_BYTES = 32;

  /** A new one. */
  public static KeyText draw(RandomGenerator random) {
    return new KeyText(hex(random, ID_BYTES), hex(random, SECRET_BYTES));
  }

  /** Empty where it has another form. */
  public static Optional<KeyText> parse(String presented) {
    Matcher matcher = FORM.matcher(presented);
    return matcher.matches()
        ? Optional.of(new KeyText(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** What is kept of the secret: 256 random bits need no salt and no slow hash. */
  public byte[] digest() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String hex(RandomGenerator random, int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  @Override
  public String toString() {
    return "tw_" + id + "_" + secret;
  }
}
