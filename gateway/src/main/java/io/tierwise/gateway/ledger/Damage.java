package io.tierwise.gateway.ledger;

import java.nio.file.Path;

/**
 * A part of the ledger that could not be read and was left out.
 *
 * @param offset in the segment, in bytes
 * @param bytes how many were left out
 * @param reason what is wrong with them
 */
public record Damage(Path segment, long offset, long bytes, String reason) {
  @Override
  public String toString() {
    return segment + ": " + bytes + " bytes at offset " + offset + " left out: " + reason;
  }
}
