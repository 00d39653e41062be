package io.tierwise.gateway.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.router.ledger.LedgerEntry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A ledger entry as one line of a log among others: {@code {"kind": "tierwise.ledger", …}}. */
public final class EntryLine {
  /** What the field {@code kind} of such a line says; log filters look for it. */
  public static final String KIND = "tierwise.ledger";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String START = "{\"kind\":\"" + KIND + "\",\"entry\":";

  private EntryLine() {}

  /** Without a line break. */
  public static String encode(LedgerEntry entry) {
    return START + new String(EntryCodec.encode(entry), StandardCharsets.UTF_8) + "}";
  }

  /**
   * The entry on a line, whatever else the line says; empty for a line of another kind.
   *
   * @throws IllegalArgumentException when the line is one of the ledger's and cannot be read
   */
  public static Optional<LedgerEntry> decode(String line) {
    int start = line.indexOf(START);
    if (start < 0) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(line.substring(start));
      return Optional.of(EntryCodec.decode(JSON.writeValueAsBytes(node.path("entry"))));
    } catch (JsonProcessingException | UnreadableEntryException e) {
      throw new IllegalArgumentException("a line of the ledger cannot be read", e);
    }
  }
}
