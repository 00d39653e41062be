package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.TierwiseConfig.Prices;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Price;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceFileTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);

  @TempDir private Path folder;

  @Test
  void readsEveryUnitWithoutLosingADigit() throws IOException {
    PriceBook book =
        load(
            """
            region: eu-west-1
            prices:
              - {id: a, effectiveFrom: 2026-01-01, source: s, unit: per-token, inputPerMillion: '0.150', outputPerMillion: '0.60'}
              - {id: b, effectiveFrom: 2026-01-01, source: s, unit: per-gb-second, perGbSecond: '0.0000133334', gigabytes: '1.769'}
              - {id: c, effectiveFrom: 2026-01-01, source: s, unit: per-request, perRequest: 0.0000002}
              - {id: d, effectiveFrom: 2026-01-01, source: s, unit: per-instance-hour, hourly: '0.0725', requestsPerHour: '4320000'}
            """);

    assertEquals(
        List.of(
            new Tariff.PerToken(Money.of("0.15"), Money.of("0.15"), Money.of("0.6")),
            new Tariff.PerGbSecond(Money.of("0.0000133334"), new BigDecimal("1.769")),
            new Tariff.PerRequest(Money.of("0.0000002")),
            new Tariff.PerInstanceHour(Money.of("0.0725"), new BigDecimal("4320000"))),
        book.prices().stream().map(Price::tariff).toList());
    assertEquals("eu-west-1", book.prices().getFirst().region());
  }

  @Test
  void refusesWhatIsMissing() {
    refused(
        """
        prices:
          - unit: per-token
            outputPerMillion: '1'
        """,
        "1: region: it is missing; add it",
        "2: prices[0].id: it is missing; add it",
        "2: prices[0].effectiveFrom: it is missing; add it",
        "2: prices[0].source: it is missing; add it",
        "2: prices[0].inputPerMillion: it is missing; add it");
  }

  @Test
  void refusesAmountsThatAreNoPrice() {
    refused(
        """
        region: us-east-1
        prices:
          - id: a
            effectiveFrom: yesterday
            source: ' '
            unit: per-token
            inputPerMillion: '-0.01'
            cachedInputPerMillion: cheap
            outputPerMillion:
          - id: b
            effectiveFrom: 2026-01-01
            source: s
            unit: per-instance-hour
            hourly: '1e2'
            requestsPerHour: '0'
        """,
        "4: prices[0].effectiveFrom: 'yesterday' is no day; write it as 2026-01-31",
        "5: prices[0].source: it is blank; write something",
        "7: prices[0].inputPerMillion: -0.01 is negative; give 0 or more",
        "8: prices[0].cachedInputPerMillion: 'cheap' is no decimal amount; write dollars such as"
            + " '0.0025'",
        "9: prices[0].outputPerMillion: it is nothing; write one value",
        "14: prices[1].hourly: '1e2' is no decimal amount; write dollars such as '0.0025'",
        "15: prices[1].requestsPerHour: 0 is not positive; give more than 0");
  }

  @Test
  void refusesAnUnknownUnitAndAKeyOfAnotherUnit() {
    refused(
        """
        region: us-east-1
        prices:
          - {id: a, effectiveFrom: 2026-01-01, source: s, unit: per-call, perRequest: '1'}
          - {id: b, effectiveFrom: 2026-01-01, source: s, unit: per-request, perRequest: '1', hourly: '1'}
        """,
        "3: prices[0].unit: 'per-call' is not known here; use one of: per-token, per-gb-second,"
            + " per-request, per-instance-hour",
        "4: prices[1].hourly: there is no such key; remove it, or use one of: id, effectiveFrom,"
            + " source, unit, perRequest");
  }

  @Test
  void refusesTheSamePriceTwice() {
    refused(
        """
        region: us-east-1
        prices:
          - {id: a, effectiveFrom: 2026-01-01, source: s, unit: per-request, perRequest: '1'}
          - {id: a, effectiveFrom: 2026-02-01, source: s, unit: per-request, perRequest: '2'}
          - {id: a, effectiveFrom: 2026-01-01, source: s, unit: per-request, perRequest: '3'}
        """,
        "5: prices[2].id: 'a from 2026-01-01' is there twice, first on line 3; keep one of the two");
  }

  @Test
  void letsTheUsersFilesWin() throws IOException {
    Path mine =
        write(
            """
            region: us-east-1
            prices:
              - {id: gpt-4o, effectiveFrom: 2025-01-01, source: our contract, unit: per-token, inputPerMillion: '1', outputPerMillion: '2'}
            """);
    PriceBook book = PriceFile.merged(new Prices("us-east-1", List.of(mine)));

    assertEquals("our contract", book.price("gpt-4o", TODAY).source());
    assertEquals("https://openai.com/api/pricing/", book.price("gpt-4o-mini", TODAY).source());
  }

  @Test
  void shipsThePricesThatTheDemoNeeds() {
    PriceBook book = PriceFile.merged(new Prices("us-east-1", List.of()));
    Usage usage = new Usage(1, 1_000, 400, 10, Duration.ofMillis(250));

    assertEquals(Money.of("0.0021"), cost(book, "gpt-4o", usage));
    assertEquals(Money.of("0.000126"), cost(book, "gpt-4o-mini", usage));
    assertEquals(Money.of("0.000515"), cost(book, "gpt-3.5-turbo", usage));
    assertEquals(Money.of("0.0000066667"), cost(book, "lambda-arm64-2gb", usage));
    assertEquals(Money.of("0.00000833335"), cost(book, "lambda-x86-2gb", usage));
    assertEquals(Money.of("0.0000002"), cost(book, "lambda-request", usage));
    assertEquals(Money.of("0.000001"), cost(book, "http-api-request", usage));
    assertEquals(Money.of("0.000000125"), cost(book, "dynamodb-read", usage));
    assertEquals(Money.of("0.000000625"), cost(book, "dynamodb-write", usage));
    assertEquals(Money.of("0.0000004"), cost(book, "s3-get", usage));
    assertEquals(Money.of("0.000005"), cost(book, "s3-put", usage));
    assertEquals("0.000033", cost(book, "sagemaker-ml.g5.xlarge", usage).rounded(6));
    assertEquals("0.000000016782", cost(book, "box-student", usage).rounded(12));
    assertEquals("0.000000003356", cost(book, "box-exact-cache", usage).rounded(12));
    assertTrue(book.prices().stream().allMatch(price -> price.source().startsWith("https://")));
  }

  private static Money cost(PriceBook book, String id, Usage usage) {
    return book.price(id, TODAY).tariff().cost(usage);
  }

  private void refused(String yaml, String... expected) {
    ConfigException exception = assertThrows(ConfigException.class, () -> load(yaml));
    String prefix = folder.resolve("prices.yaml") + ":";
    assertEquals(
        List.of(expected),
        exception.getMessage().lines().map(line -> line.substring(prefix.length())).toList());
  }

  private PriceBook load(String yaml) throws IOException {
    return PriceFile.load(write(yaml));
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("prices.yaml"), yaml);
  }
}
