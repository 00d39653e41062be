package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.gateway.store.Database;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of docs/costs.md as they are written there, over a small ledger and its bill.
 */
class CostsDocumentIT {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)\n```");

  private static final String CONFIG =
      """
      upstreams: {gpu: {url: 'http://127.0.0.1:8081'}}
      tasks:
        - name: support
          labels: [refund, delivery]
          contract: {epsilon: 0.05, delta: 0.05}
          large: {upstream: gpu, price: sagemaker-ml.g5.xlarge}
          student: {price: lambda-arm64-2gb}
      """;

  @TempDir private Path directory;

  @Test
  void theDocumentsCommandsRun() throws Exception {
    prepare();
    List<String> outputs = new ArrayList<>();
    for (String command : commands()) {
      outputs.add(run(command));
    }
    assertEquals(4, outputs.size());
    assertTrue(
        outputs.get(0).contains("missing from the bill: AmazonSageMaker from"), outputs.get(0));
    assertTrue(outputs.get(1).contains("after diversion: 240 calls"), outputs.get(1));
    assertTrue(outputs.get(2).contains("thresholds as they were"), outputs.get(2));
    List<String> lines = outputs.get(3).lines().toList();
    JsonNode outcome = new ObjectMapper().readTree(lines.getLast()).path("tasks").path(0);
    assertEquals(480, outcome.path("requests").intValue());
    assertEquals(480, outcome.path("largeCalls").path("high").intValue());
  }

  private static List<String> commands() throws IOException {
    return BLOCK
        .matcher(Files.readString(HOME.resolve("docs/costs.md")))
        .results()
        .map((MatchResult block) -> block.group(1))
        .flatMap(String::lines)
        .toList();
  }

  private void prepare() throws IOException {
    Path launcher =
        Files.writeString(
            directory.resolve("tierwise"),
            """
            #!/bin/sh
            exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \\
              --sun-misc-unsafe-memory-access=allow -Dtierwise.home='%1$s' \\
              -cp '%1$s/cli/target/tierwise-cli.jar:%1$s/cli/target/lib/*' \\
              io.tierwise.cli.Main "$@"
            """
                .formatted(HOME));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(directory.resolve("tierwise.yaml"), CONFIG);
    Files.writeString(
        directory.resolve("cheaper.yaml"), CONFIG.replace("ml.g5.xlarge", "ml.g6.xlarge"));
    StringBuilder bill =
        new StringBuilder(
            "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,"
                + "lineItem/ProductCode,lineItem/ResourceId,lineItem/UnblendedCost\n");
    try (SegmentLedger ledger = SegmentLedger.open(directory.resolve("data/ledger"), 1 << 20);
        Database store = Database.open(directory.resolve("data"))) {
      assertTrue(Files.exists(directory.resolve("data").resolve(Database.FILE)), store::toString);
      for (int hour = 0; hour < 4; hour++) {
        Instant start = Instant.parse("2026-11-03T%02d:00:00Z".formatted(hour));
        for (int i = 0; i < 120; i++) {
          ledger.record(entry(hour + "-" + i, start.plusSeconds(30L * i), i % 2 == 0));
        }
        if (hour != 2) {
          bill.append(
              "Usage,%s,%s,AmazonSageMaker,endpoint/tierwise-large,1.4080000000\n"
                  .formatted(start, start.plus(Duration.ofHours(1))));
        }
        bill.append(
            "Usage,%s,%s,AWSLambda,function:tierwise-student,%s\n"
                .formatted(start, start.plus(Duration.ofHours(1)), "0.0000800004"));
      }
    }
    Files.writeString(directory.resolve("cur.csv"), bill);
  }

  /** 25 ms of the student, 2 GB at 0.0000133334; half of them escalated. */
  private static LedgerEntry entry(String id, Instant at, boolean escalated) {
    List<LedgerEntry.Line> lines = new ArrayList<>();
    lines.add(
        new LedgerEntry.Line(
            TierName.STUDENT,
            escalated ? Verdict.PASSED_ON : Verdict.ACCEPTED,
            escalated ? 0.4 : 0.8,
            Usage.call(Duration.ofMillis(25)),
            Money.of("0.00000066667"),
            Duration.ofMillis(25)));
    if (escalated) {
      lines.add(
          new LedgerEntry.Line(
              TierName.LARGE,
              Verdict.ACCEPTED,
              1.0,
              Usage.call(Duration.ofMillis(300)),
              Money.of("0.00004"),
              Duration.ofMillis(310)));
    }
    Money cost = lines.stream().map(LedgerEntry.Line::cost).reduce(Money.ZERO, Money::plus);
    return new LedgerEntry(
        id,
        at,
        "acme",
        "support",
        LedgerEntry.Purpose.SERVE,
        lines.getLast().tier(),
        null,
        "v1",
        null,
        lines,
        cost,
        Money.of("0.00004"),
        !escalated,
        20,
        false,
        false,
        Duration.ofMillis(330));
  }

  private String run(String command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.directory(directory.toFile()).redirectErrorStream(true).start();
    String said;
    try (var output = process.inputReader()) {
      said = String.join("\n", output.lines().toList());
    }
    assertEquals(0, process.waitFor(), command + "\n" + said);
    return said;
  }
}
