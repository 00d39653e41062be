package io.tierwise.gateway.ledger;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A record on disk: the payload's length (4 bytes, big-endian), a CRC-32C over length and payload
 * (4 bytes), the payload.
 */
final class RecordFormat {
  static final int HEADER = 2 * Integer.BYTES;
  static final int LARGEST_PAYLOAD = 1 << 20;

  private RecordFormat() {}

  static boolean plausible(int length) {
    return length > 0 && length <= LARGEST_PAYLOAD;
  }

  static byte[] frame(byte[] payload) {
    if (!plausible(payload.length)) {
      throw new IllegalArgumentException("an entry of " + payload.length + " bytes is no entry");
    }
    return ByteBuffer.allocate(HEADER + payload.length)
        .putInt(payload.length)
        .putInt(checksum(payload))
        .put(payload)
        .array();
  }

  static int checksum(byte[] payload) {
    CRC32C checksum = new CRC32C();
    checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, payload.length));
    checksum.update(payload);
    return (int) checksum.getValue();
  }
}
