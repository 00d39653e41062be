package io.tierwise.gateway.ledger;

/** A record of a segment, whatever is in it. */
public final class EntryBytes {
  private EntryBytes() {}

  /**
   * The payload as it lies in a segment, with a checksum that is right; empty where none can be.
   */
  public static byte[] framed(byte[] payload) {
    return RecordFormat.plausible(payload.length) ? RecordFormat.frame(payload) : new byte[0];
  }
}
