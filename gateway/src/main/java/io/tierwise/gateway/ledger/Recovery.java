package io.tierwise.gateway.ledger;

import java.nio.file.Path;

/**
 * What opening a ledger for writing did to its last segment.
 *
 * @param segment the one that is written to now
 * @param keptBytes of it, whole records
 * @param cutBytes of it, the beginning of a record whose writer died, cut off; 0 when it was whole.
 *     No answer had left for it
 */
public record Recovery(Path segment, long keptBytes, long cutBytes) {
  @Override
  public String toString() {
    return cutBytes == 0
        ? segment + ": whole, " + keptBytes + " bytes"
        : segment + ": cut a torn record of " + cutBytes + " bytes at offset " + keptBytes;
  }
}
