package io.tierwise.gateway.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Four hours of a ledger, small enough to add up by hand, and the bill for them: without the third
 * hour's functions, and with a function of somebody else's.
 */
class ReconciliationTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-03");
  private static final String OURS =
      "arn:aws:lambda:us-east-1:111122223333:function:tierwise-student";
  private static final String THEIRS = "arn:aws:lambda:us-east-1:111122223333:function:payroll";
  private static final String GPU =
      "arn:aws:sagemaker:us-east-1:111122223333:endpoint/tierwise-large";

  private static final String LEGACY =
      "identity/LineItemId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,"
          + "lineItem/ProductCode,lineItem/ResourceId,lineItem/CurrencyCode,lineItem/UnblendedCost,"
          + "lineItem/LineItemDescription,pricing/publicOnDemandCost\n";

  private static final String SECOND =
      LEGACY
          .replace("identity/LineItemId", "identity_line_item_id")
          .replace("lineItem/LineItemType", "line_item_line_item_type")
          .replace("lineItem/UsageStartDate", "line_item_usage_start_date")
          .replace("lineItem/UsageEndDate", "line_item_usage_end_date")
          .replace("lineItem/ProductCode", "line_item_product_code")
          .replace("lineItem/ResourceId", "line_item_resource_id")
          .replace("lineItem/CurrencyCode", "line_item_currency_code")
          .replace("lineItem/UnblendedCost", "line_item_unblended_cost")
          .replace("lineItem/LineItemDescription", "line_item_line_item_description")
          .replace("pricing/publicOnDemandCost", "pricing_public_on_demand_cost");

  @TempDir private Path folder;

  private BilledServices services() throws IOException {
    Files.writeString(
        folder.resolve("prices.yaml"),
        """
        region: us-east-1
        prices:
          - {id: lambda-mine, effectiveFrom: 2026-01-01, source: test, unit: per-gb-second, perGbSecond: '0.00001', gigabytes: 2}
          - {id: gpu-mine, effectiveFrom: 2026-01-01, source: test, unit: per-instance-hour, hourly: '1.2', requestsPerHour: 1200}
        """);
    Path file =
        Files.writeString(
            folder.resolve("tierwise.yaml"),
            """
            upstreams: {gpu: {url: 'http://127.0.0.1:8081'}}
            prices: {files: [prices.yaml]}
            tasks:
              - name: support
                labels: [refund, delivery]
                large: {upstream: gpu, price: gpu-mine}
                student: {price: lambda-mine}
            """);
    TierwiseConfig config = ConfigFile.load(file);
    return new BilledServices(
        config,
        PriceFile.merged(config.prices()),
        Map.of("gpu-mine", "AmazonSageMaker"),
        LocalDate.parse("2026-11-24"));
  }

  /** 100 calls of 50 ms of the student: 100 · 2 GB · 0.05 s · 0.00001; 300 of the large model. */
  private static LedgerEntry hour(int hour) {
    return new LedgerEntry(
        "r" + hour,
        Instant.parse("2026-11-03T%02d:10:00Z".formatted(hour)),
        "acme",
        "support",
        LedgerEntry.Purpose.SERVE,
        TierName.LARGE,
        null,
        "v1",
        null,
        List.of(
            line(TierName.STUDENT, 100, "0.0001"),
            line(TierName.LARGE, 300, "0.3"),
            line(TierName.EXACT_CACHE, 7, "0.5")),
        Money.of("0.8001"),
        Money.of("1"),
        true,
        10,
        false,
        false,
        Duration.ofMillis(60));
  }

  private static LedgerEntry.Line line(TierName tier, int requests, String cost) {
    return new LedgerEntry.Line(
        tier,
        Verdict.ACCEPTED,
        1.0,
        new Usage(requests, 0, 0, 0, Duration.ofMillis(50L * requests)),
        Money.of(cost),
        Duration.ofMillis(50));
  }

  private static String item(
      int hour, String type, String service, String resource, String cost, String free) {
    return "id,%s,2026-11-03T%02d:00:00Z,2026-11-03T%02d:00:00Z,%s,%s,USD,%s,\"%s, and more\",%s\n"
        .formatted(
            type,
            hour,
            hour + 1,
            service,
            resource,
            cost,
            free.isEmpty() ? "AWS Lambda" : "AWS Lambda - Free Tier - 400,000 GB-Seconds",
            free.isEmpty() ? cost : free);
  }

  private static String bill() {
    StringBuilder bill = new StringBuilder();
    for (int hour = 0; hour < 4; hour++) {
      bill.append(item(hour, "Usage", "AmazonSageMaker", GPU, "1.2000000000", ""));
    }
    bill.append(item(0, "Usage", "AWSLambda", OURS, "0.0001000500", ""));
    bill.append(item(1, "Usage", "AWSLambda", OURS, "0.0001000500", ""));
    bill.append(item(1, "Usage", "AWSLambda", THEIRS, "0.5000000000", ""));
    bill.append(item(3, "Usage", "AWSLambda", OURS, "0.0000800500", ""));
    bill.append(item(3, "Usage", "AWSLambda", OURS, "0.0000000000", "0.0000200000"));
    bill.append(item(3, "Credit", "AWSLambda", "", "-0.1", ""));
    bill.append(item(3, "Usage", "AmazonEC2", "i-0abc", "7", ""));
    return bill.toString();
  }

  private Reconciliation reconciled(Path report) throws IOException {
    return Reconciliation.of(
        services(),
        resource -> resource.contains("tierwise"),
        new DayRange(DAY, DAY),
        report,
        List.of(hour(0), hour(1), hour(2), hour(3)).stream());
  }

  private Path written(String text) throws IOException {
    return Files.writeString(folder.resolve("cur.csv"), text);
  }

  private static final List<Reconciliation.Row> BY_HAND =
      List.of(
          new Reconciliation.Row(
              DAY,
              "AWSLambda",
              Money.of("0.0004"),
              // 2 · 0.00010005 + 0.5 + 0.00008005 - 0.1
              Money.of("0.40028015"),
              Money.of("0.5"),
              Money.of("-0.1"),
              Money.of("-0.00002"),
              Money.ZERO,
              Money.of("-0.0001"),
              // 0.39988015 - 0.5 + 0.1 + 0.00002 + 0.0001: three hours of rounding up
              Money.of("0.00000015"),
              Money.ZERO),
          new Reconciliation.Row(
              DAY,
              "AmazonSageMaker",
              Money.of("1.2"),
              Money.of("4.8"),
              Money.ZERO,
              Money.ZERO,
              Money.ZERO,
              Money.of("3.6"),
              Money.ZERO,
              Money.ZERO,
              Money.ZERO));

  @Test
  void explainsTheDifferenceToTheLastDigit() throws IOException {
    Reconciliation all = reconciled(written(LEGACY + bill()));
    assertEquals(BY_HAND, all.rows());
    assertEquals(Money.of("0.39988015"), all.rows().getFirst().residual());
    assertTrue(all.explained());
    assertEquals(Money.of("7"), all.elsewhere());
  }

  @Test
  void namesTheMissingHourAndWhatOthersUsed() throws IOException {
    Reconciliation all = reconciled(written(LEGACY + bill()));
    assertEquals(
        List.of(
            new Reconciliation.Missing(
                "AWSLambda", Instant.parse("2026-11-03T02:00:00Z"), Money.of("0.0001"))),
        all.missing());
    assertEquals(
        List.of(Map.entry(new Reconciliation.Foreign("AWSLambda", THEIRS), Money.of("0.5"))),
        all.foreign());
    String table = ReconciliationRenderer.table(all);
    assertTrue(
        table.contains(
            "missing from the bill: AWSLambda from 2026-11-03T02:00:00Z, $0.0001 in the ledger"),
        table);
    assertTrue(table.contains("used by others: AWSLambda " + THEIRS + ", $0.5"), table);
  }

  @Test
  void readsTheSecondReportAndGzipAlike() throws IOException {
    Path zipped = folder.resolve("cur.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      String athena = bill().replaceAll("2026-11-03T(\\d\\d):00:00Z", "2026-11-03 $1:00:00.000");
      out.write((SECOND + athena).getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(BY_HAND, reconciled(zipped).rows());
  }

  @Test
  void whatIsTooMuchForRoundingStaysUnexplained() throws IOException {
    Reconciliation all =
        reconciled(
            written(LEGACY + bill() + item(0, "Usage", "AWSLambda", OURS, "0.0100000000", "")));
    assertFalse(all.explained());
    assertEquals(Money.of("0.01000015"), all.rows().getFirst().unexplained());
    assertEquals(Money.ZERO, all.rows().getFirst().rounding());
  }

  @Test
  void whatTheLedgerHasOutsideOfTheBillsTimeIsNotCompared() throws IOException {
    String firstHours =
        item(0, "Usage", "AWSLambda", OURS, "0.0001", "")
            + item(1, "Usage", "AWSLambda", OURS, "0.0001", "");
    Reconciliation all = reconciled(written(LEGACY + firstHours));
    assertEquals(
        List.of(),
        all.missing().stream().filter(each -> each.service().equals("AWSLambda")).toList());
    assertEquals(Money.of("0.6002"), all.notCompared());
  }

  @Test
  void aServiceOfOursThatNoTierIsPricedByIsNamed() throws IOException {
    Reconciliation all =
        reconciled(
            written(
                LEGACY
                    + bill()
                    + item(1, "Usage", "AmazonDynamoDB", "table/tierwise-keys", "0.02", "")));
    assertEquals(List.of("AmazonDynamoDB"), all.unpriced());
    assertFalse(all.explained());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.0001000500 | 0.00x | :6: lineItem/UnblendedCost (column 8): '0.00x' is no amount",
        "2026-11-03T01:00:00Z | yesterday | :2: lineItem/UsageEndDate (column 4): 'yesterday' is no"
            + " moment",
        "USD | EUR | :2: lineItem/CurrencyCode (column 7): 'EUR' is not USD",
        "id,Usage | id,id,Usage | :2: it has 11 fields, and the header 10",
        "lineItem/ProductCode | product | :1: there is no column lineItem/ProductCode or",
        "identity/LineItemId | lineItem/ResourceId | :1: lineItem/ResourceId (column 6): it is there"
            + " twice",
      })
  void refusesWhatItCannotReadWithLineAndColumn(String good, String bad, String words)
      throws IOException {
    Path report = written((LEGACY + bill()).replaceFirst(Pattern.quote(good), bad));
    InvalidValueException refusal =
        assertThrows(InvalidValueException.class, () -> reconciled(report));
    assertTrue(refusal.getMessage().startsWith(report + words), refusal.getMessage());
  }

  @Test
  void refusesAnEmptyReportAndOneOfOtherDays() throws IOException {
    assertThrows(InvalidValueException.class, () -> reconciled(written("")));
    assertThrows(InvalidValueException.class, () -> reconciled(written(LEGACY)));
  }
}
