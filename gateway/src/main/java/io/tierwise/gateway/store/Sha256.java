package io.tierwise.gateway.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256, begun as a copy of one that was found: to look an algorithm up among the providers takes
 * about as long as to hash a key.
 */
public final class Sha256 {
  private static final MessageDigest FRESH = found();

  private Sha256() {}

  /** A digest that nothing has been put into. */
  public static MessageDigest begin() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      return found();
    }
  }

  private static MessageDigest found() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
