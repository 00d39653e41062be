package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The prices of a configuration. */
class ConfigPricesTest extends WrittenConfig {
  @Test
  void refusesAMissingPrice() {
    refused(
        SMALLEST.replace("      price: gpt-4o-mini\n", ""),
        "7: tasks[0].large.price: it is missing; add it");
  }

  @Test
  void refusesAPriceThatIsNotInTheBook() {
    String message = refusal(SMALLEST.replace("gpt-4o-mini", "gpt-9"));
    assertTrue(
        message.startsWith(
            "9: tasks[0].large.price: there is no price 'gpt-9'; add one, or use one of:"
                + " box-exact-cache, box-semantic-cache, box-student, "),
        message);
    assertTrue(
        refusal(SMALLEST + "    student: {price: box}\n")
            .startsWith("10: tasks[0].student.price: there is no price 'box'; "));
  }

  @Test
  void refusesAPriceThatDoesNotHoldYet() throws IOException {
    write(
        "mine.yaml",
        """
        region: us-east-1
        prices:
          - {id: later, effectiveFrom: 2027-01-01, source: contract 7, unit: per-request, perRequest: '0.1'}
        """);
    refused(
        SMALLEST.replace("gpt-4o-mini", "later") + "prices: {files: [mine.yaml]}\n",
        "9: tasks[0].large.price: 'later' holds only from 2027-01-01, not on 2026-11-24; add an"
            + " entry that holds by then");
  }

  @Test
  void refusesARegionWithoutShippedPrices() {
    String message = refusal(SMALLEST + "prices: {region: mars-1}\n");
    assertTrue(
        message.startsWith("10: prices.region: no prices are shipped for 'mars-1': there is no "),
        message);
  }

  @Test
  void namesThePriceFileThatIsWrong() throws IOException {
    Path mine =
        write(
            "mine.yaml",
            """
            region: us-east-1
            prices:
              - {id: x, effectiveFrom: 2026-01-01, source: s, unit: per-request, perRequest: '-1'}
            """);
    ConfigException exception =
        assertThrows(
            ConfigException.class, () -> load(SMALLEST + "prices: {files: [mine.yaml]}\n"));
    assertEquals(
        mine + ":3: prices[0].perRequest: -1 is negative; give 0 or more", exception.getMessage());
  }
}
