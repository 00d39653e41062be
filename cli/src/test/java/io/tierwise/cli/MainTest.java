package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private String config(String tasks) throws IOException {
    String text =
        """
        data: %s
        upstreams:
          gpt:
            url: https://llm.example/v1
            protocol: openai
            model: gpt-4o
        tasks:
        %s
        """
            .formatted(directory.resolve("data"), tasks);
    return Files.writeString(directory.resolve("tierwise.yaml"), text).toString();
  }

  private String config() throws IOException {
    return config(
        """
          - name: desk
            labels: [yes, no]
            contract: {epsilon: 0.05, delta: 0.05}
            large: {upstream: gpt, price: gpt-4o}
        """);
  }

  @Test
  void everyCommandExplainsItself() {
    assertEveryCommandHasHelp(Main.commandLine());
  }

  private static void assertEveryCommandHasHelp(CommandLine command) {
    StringWriter help = new StringWriter();
    command.usage(new PrintWriter(help, true));
    assertTrue(help.toString().startsWith("Usage:") || help.toString().contains("\nUsage:"));
    command
        .getSubcommands()
        .forEach((name, sub) -> {
          var usage = sub.getCommandSpec().usageMessage();
          boolean described = usage.header().length + usage.description().length > 0;
          assertTrue(described, name + " has no description");
          assertTrue(sub.getCommandSpec().findOption("--help") != null, name + " has no --help");
          assertEveryCommandHasHelp(sub);
        });
  }

  @Test
  void anUnknownCommandIsAUsageError() {
    assertEquals(CommandLine.ExitCode.USAGE, run("serv"));
    assertTrue(err.toString().contains("serve"), err.toString());
  }

  @Test
  void aMissingConfigurationIsOneSentence() {
    assertEquals(Main.REFUSED, run("keys", "list", "--config", "/nowhere/tierwise.yaml"));
    assertTrue(err.toString().contains("/nowhere/tierwise.yaml"), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @Test
  void aLabelTwiceIsRefusedWithFileLineFieldAndFix() throws IOException {
    String file =
        config(
            """
              - name: desk
                labels: [a, b, a]
                contract: {epsilon: 0.05, delta: 0.05}
                large: {upstream: gpt, price: gpt-4o}
            """);
    assertEquals(Main.REFUSED, run("keys", "list", "--config", file));
    assertTrue(err.toString().contains(file + ":"), err.toString());
    assertTrue(err.toString().contains("tasks[0].labels"), err.toString());
  }

  @Test
  void aKeyIsShownOnceAndCanBeRevoked() throws IOException {
    String file = config();
    assertEquals(0, run("keys", "add", "--tenant", "acme", "--note", "test", "--config", file));
    String secret = out.toString().strip();
    assertTrue(secret.matches("tw_\\S+_\\S+"), secret);
    out.getBuffer().setLength(0);

    assertEquals(0, run("keys", "list", "--config", file));
    assertTrue(out.toString().contains("acme") && out.toString().contains("valid"));
    assertTrue(!out.toString().contains(secret), "the secret is shown only once");

    String id = secret.substring(3, secret.indexOf('_', 3));
    assertEquals(0, run("keys", "revoke", id, "--config", file));
    assertEquals(Main.REFUSED, run("keys", "revoke", "nobody", "--config", file));
    out.getBuffer().setLength(0);
    assertEquals(0, run("keys", "list", "--config", file));
    assertTrue(out.toString().contains("revoked"));
  }

  @Test
  void aGateIsMovedAndRemembersWhy() throws IOException {
    String file = config();
    assertEquals(0, run("gate", "desk", "shut", "--reason", "incident 7", "--config", file));
    assertTrue(out.toString().contains("incident 7"), out.toString());
    assertEquals(0, run("gate", "desk", "observe", "--reason", "over", "--config", file));
    assertTrue(out.toString().contains("incident 7") && out.toString().contains("over"));
  }

  @Test
  void aGateDoesNotOpenWithoutACertificate() throws IOException {
    assertEquals(Main.REFUSED, run("gate", "desk", "open", "--config", config()));
    assertTrue(err.toString().contains("no live artifact"), err.toString());
    assertEquals(Main.REFUSED, run("gate", "des", "open", "--config", config()));
    assertTrue(err.toString().contains("'des' is not in the configuration"), err.toString());
  }

  @Test
  void anEmptyLedgerIsAnEmptyReport() throws IOException {
    assertEquals(0, run("report", "--config", config(), "--format", "json"));
    assertTrue(out.toString().contains("\"requests\""), out.toString());
    assertEquals(
        Main.REFUSED,
        run("report", "--config", config(), "--from", "2026-02-01", "--to", "2026-01-01"));
    assertEquals(CommandLine.ExitCode.USAGE, run("report", "--by", "planet"));
  }

  @Test
  void aReportComesInEveryFormAndIntoAFile() throws IOException {
    String file = config();
    for (String format : new String[] {"table", "csv", "json", "html", "focus"}) {
      Path report = directory.resolve("report." + format);
      assertEquals(
          0, run("report", "--config", file, "--format", format, "--out", report.toString()));
      assertTrue(Files.size(report) > 0, format);
    }
    assertTrue(Files.readString(directory.resolve("report.html")).startsWith("<!doctype html>"));
    assertTrue(Files.readString(directory.resolve("report.focus")).startsWith("BilledCost,"));
  }

  @Test
  void pricesThatAreOldAreNamed() throws IOException {
    assertEquals(0, run("prices", "check", "--config", config()));
    assertTrue(
        out.toString().contains("old       gpt-4o: known to hold on 2025-01-01"), out.toString());
    assertEquals(0, run("prices", "check", "--json", "--config", config()));
    assertTrue(out.toString().contains("\"unpriced\":[]"), out.toString());
  }

  @Test
  void aReplayNeedsDataThatIsThere() {
    int code =
        run(
            "replay",
            "--data",
            "/nowhere.jsonl",
            "--reference-field",
            "llm",
            "--epsilon",
            "0.05",
            "--delta",
            "0.05");
    assertEquals(Main.REFUSED, code);
    assertTrue(err.toString().contains("there is no such file"), err.toString());
    assertEquals(
        Main.REFUSED,
        run(
            "replay",
            "--data",
            "/nowhere.jsonl",
            "--reference-field",
            "llm",
            "--epsilon",
            "1.5",
            "--delta",
            "0.05"));
    assertTrue(err.toString().contains("contract.epsilon"), err.toString());
  }

  @Test
  void aReplaySaysWhatItsContractLacks() {
    List<String> recording =
        List.of(
            "replay", "--data", "/nowhere.jsonl", "--reference-field", "llm", "--delta", "0.05");
    assertEquals(Main.REFUSED, run(recording.toArray(String[]::new)));
    assertTrue(err.toString().contains("--epsilon: it is missing"), err.toString());
    List<String> parity = new ArrayList<>(recording);
    parity.add("--parity");
    assertEquals(Main.REFUSED, run(parity.toArray(String[]::new)));
    assertTrue(err.toString().contains("--parity: it needs a stream"), err.toString());
  }

  @Test
  void theDemoRefusesADirectoryThatIsNotItsOwn() throws IOException {
    Files.writeString(directory.resolve("precious.txt"), "mine");
    assertEquals(Main.REFUSED, run("demo", "--data", directory.toString()));
    assertTrue(err.toString().contains("holds something else"), err.toString());
    assertTrue(Files.exists(directory.resolve("precious.txt")));
  }
}
