package io.tierwise.gateway.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.router.cost.Price;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceCheckTest {
  @TempDir private Path directory;
  private PriceBook book = new PriceBook(List.of());

  @BeforeEach
  void readPrices() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("prices.yaml"),
            """
            region: us-east-1
            prices:
              - {id: llm, effectiveFrom: 2026-03-02, source: here, unit: per-token, inputPerMillion: '2', outputPerMillion: '8'}
              - {id: box, effectiveFrom: 2025-12-01, source: there, unit: per-request, perRequest: '0.0000001'}
              - {id: box, effectiveFrom: 2026-06-01, source: later, unit: per-request, perRequest: '0.0000002'}
              - {id: cache, effectiveFrom: 2025-12-02, source: there, unit: per-request, perRequest: '0'}
            """);
    book = PriceFile.load(file);
  }

  private TierwiseConfig config() throws IOException {
    return ConfigFile.load(
        Files.writeString(
            directory.resolve("tierwise.yaml"),
            """
            data: %s
            upstreams:
              gpt: {url: 'https://llm.example/v1', protocol: openai, model: gpt}
            prices: {region: us-east-1, files: [%s]}
            tasks:
              - name: triage
                labels: [yes, no]
                contract: {epsilon: 0.05, delta: 0.05}
                large: {upstream: gpt, price: llm}
                student: {price: box}
                exactCache: {price: cache}
            """
                .formatted(directory, directory.resolve("prices.yaml"))));
  }

  @Test
  void namesEntriesInForceThatAreOlderThanNinetyDays() throws IOException {
    LocalDate today = LocalDate.of(2026, 3, 2);
    assertEquals(
        List.of("box"),
        PriceCheck.of(config(), book, today, Stream.of()).old().stream().map(Price::id).toList());
    // On the next day the cache's entry is 91 days old; in June a newer one is in force.
    assertEquals(
        List.of("box", "cache"),
        PriceCheck.of(config(), book, today.plusDays(1), Stream.of()).old().stream()
            .map(Price::id)
            .toList());
    assertEquals(
        List.of("cache", "llm"),
        PriceCheck.of(config(), book, LocalDate.of(2026, 6, 1), Stream.of()).old().stream()
            .map(Price::id)
            .toList());
  }

  @Test
  void namesWhatTheLedgerUsedWithoutAPrice() throws IOException {
    List<LedgerEntry> entries = HandLedger.entries();
    assertEquals(
        List.of(
            "task route, tier large: 2 calls from 2026-03-04 to 2026-03-04 and the task is not in the"
                + " configuration",
            "task route, tier student: 11 calls from 2026-03-02 to 2026-03-04 and the task is not in"
                + " the configuration",
            "task triage, tier large: 24 calls from 2026-03-01 to 2026-03-03 and 'llm' holds only from"
                + " 2026-03-02, not on 2026-03-01"),
        PriceCheck.of(config(), book, LocalDate.of(2026, 3, 5), entries.stream()).unpriced());
  }
}
