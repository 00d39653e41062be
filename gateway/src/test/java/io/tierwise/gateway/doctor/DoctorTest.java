package io.tierwise.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.doctor.Finding.Level;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.gateway.testing.Students;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check, once with its failure made for real. */
class DoctorTest {
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @TempDir private Path folder;

  @Test
  void anOldJavaFails() {
    assertLevel(Level.FAIL, MachineChecks.java(Runtime.Version.parse("21.0.4")));
    assertLevel(Level.OK, MachineChecks.java(Runtime.version()));
  }

  @Test
  void aSmallHeapFailsAndATightOneWarns() {
    assertLevel(Level.FAIL, MachineChecks.memory(64L << 20));
    assertLevel(Level.WARN, MachineChecks.memory(256L << 20));
    assertLevel(Level.OK, MachineChecks.memory(1L << 30));
  }

  @Test
  void warnsWhereTheEncodersJarIsMissing() throws IOException {
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      assertLevel(Level.WARN, MachineChecks.encoder(empty));
    }
    Files.writeString(folder.resolve("bge-small-en-v1.5-q.onnx"), "graph");
    Files.writeString(folder.resolve("bge-small-en-v1.5-q-tokenizer.json"), "{}");
    try (URLClassLoader full = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
      assertLevel(Level.OK, MachineChecks.encoder(full));
    }
  }

  @Test
  void aTakenPortFails() throws IOException {
    int free;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = taken.getLocalPort();
      assertLevel(Level.FAIL, MachineChecks.port("127.0.0.1", free));
    }
    assertLevel(Level.OK, MachineChecks.port("127.0.0.1", free));
  }

  @Test
  void aPortWhereAGatewayServesIsNoTrouble() throws IOException {
    try (RunningGateway running = new RunningGateway(folder, RunningGateway.Setup.USUAL)) {
      Finding finding = MachineChecks.port("127.0.0.1", running.server().port());

      assertEquals("a gateway is serving there already", finding.finding());
      assertLevel(Level.OK, finding);
    }
  }

  @Test
  void aDataDirectoryBelowAFileFails() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");

    assertLevel(Level.FAIL, DataChecks.writable(file.resolve("data")));
    assertLevel(Level.OK, DataChecks.writable(folder.resolve("fresh/data")));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void aFullDiskFails() {
    assertLevel(Level.FAIL, DataChecks.room(folder, Long.MAX_VALUE));
    assertTrue(DataChecks.room(folder, 1).level() != Level.FAIL);
  }

  @Test
  void aDamagedDatabaseFailsAndAMissingOneDoesNot() throws IOException {
    assertLevel(Level.OK, DataChecks.database(folder));
    assertTrue(Files.notExists(folder.resolve(Database.FILE)), "the check makes none");

    Files.writeString(folder.resolve(Database.FILE), "this is no database".repeat(100));

    assertLevel(Level.FAIL, DataChecks.database(folder));
  }

  @Test
  void aTornLedgerWarnsAndADamagedOneFails() throws IOException {
    Path data;
    try (RunningGateway running = new RunningGateway(folder, RunningGateway.Setup.USUAL)) {
      data = running.data;
      running.ask("where is my parcel");
      running.ask("where is my money");
      Finding whole = DataChecks.ledger(data);
      assertEquals("the last segment is whole, 2 records", whole.finding());
    }
    Path segment = segment(data);
    byte[] content = Files.readAllBytes(segment);

    Files.write(segment, new byte[] {0, 0, 1, 0, 7}, StandardOpenOption.APPEND);
    assertLevel(Level.WARN, DataChecks.ledger(data));

    byte[] damaged = content.clone();
    damaged[12] ^= 1;
    Files.write(segment, damaged);
    assertLevel(Level.FAIL, DataChecks.ledger(data));
  }

  @Test
  void aLiveStudentIsLoadedAndItsGateMustFit() throws IOException {
    try (RunningGateway running = new RunningGateway(folder, RunningGateway.Setup.USUAL)) {
      TierwiseConfig.TaskConfig task = task("refund, delivery, other");
      assertLevel(Level.OK, TaskChecks.student(task, running.data, NOW));

      String version = Students.publish(running, 0.9, 0.05, 0.05);
      assertLevel(Level.OK, TaskChecks.student(task, running.data, NOW));
      Students.open(running, version, 0.5);
      assertEquals(
          version + " loads, and its gate is open",
          TaskChecks.student(task, running.data, NOW).finding());
      Students.shut(running, "by a test");
      assertLevel(Level.WARN, TaskChecks.student(task, running.data, NOW));

      Students.open(running, version, 0.5);
      Students.publish(running, 0.8, 0.1, 0.1);
      assertTrue(TaskChecks.student(task, running.data, NOW).level() != Level.OK);

      assertLevel(Level.FAIL, TaskChecks.student(task("refund, delivery"), running.data, NOW));
      try (Stream<Path> files = Files.walk(running.data.resolve("registry"))) {
        for (Path model : files.filter(file -> file.endsWith("model.onnx")).toList()) {
          Files.writeString(model, "damaged");
        }
      }
      assertLevel(Level.FAIL, TaskChecks.student(task, running.data, NOW));
    }
  }

  @Test
  void aPriceThatIsGoneFails() throws IOException {
    Path prices =
        Files.writeString(
            folder.resolve("prices.yaml"),
            """
            region: us-east-1
            prices:
              - {id: ours, effectiveFrom: 2026-01-01, source: us, unit: per-request, perRequest: '1'}
            """);
    TierwiseConfig config = config("refund, delivery", "ours", "prices: {files: [prices.yaml]}");
    assertLevel(Level.OK, TaskChecks.prices(config.tasks().getFirst(), config.prices(), NOW));

    Files.writeString(prices, "region: us-east-1\nprices: []\n");
    assertLevel(Level.FAIL, TaskChecks.prices(config.tasks().getFirst(), config.prices(), NOW));

    Files.delete(prices);
    assertLevel(Level.FAIL, TaskChecks.prices(config.tasks().getFirst(), config.prices(), NOW));
  }

  @Test
  void aKeyThatIsNotSetFails() throws IOException {
    TierwiseConfig.Upstream upstream = upstream("http://127.0.0.1:1", "apiKeyFrom: LLM_KEY");

    assertLevel(Level.FAIL, UpstreamChecks.key("llm", upstream, name -> null));
    assertLevel(Level.OK, UpstreamChecks.key("llm", upstream, Map.of("LLM_KEY", "x")::get));
  }

  @Test
  void anUpstreamIsAskedWhatCostsNothing() throws IOException {
    try (ScriptedUpstream endpoint = new ScriptedUpstream()) {
      endpoint.otherwise(status(200));
      TierwiseConfig.Upstream llm = upstream(endpoint.url(), "apiKeyFrom: LLM_KEY");
      assertLevel(Level.OK, UpstreamChecks.reachable("llm", llm, name -> "secret", PATIENCE));
      assertEquals("/v1/models", endpoint.calls().getLast().path());
      assertEquals("Bearer secret", endpoint.calls().getLast().authorization());

      TierwiseConfig.Upstream sage = upstream(endpoint.url(), "protocol: invocations");
      assertLevel(Level.OK, UpstreamChecks.reachable("sage", sage, name -> null, PATIENCE));
      assertEquals("/ping", endpoint.calls().getLast().path());

      endpoint.then(status(401), status(503), status(404));
      assertLevel(Level.FAIL, UpstreamChecks.reachable("llm", llm, name -> "x", PATIENCE));
      assertLevel(Level.FAIL, UpstreamChecks.reachable("llm", llm, name -> "x", PATIENCE));
      assertLevel(Level.WARN, UpstreamChecks.reachable("llm", llm, name -> "x", PATIENCE));
    }
  }

  @Test
  void anUpstreamThatIsNotThereFails() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    TierwiseConfig.Upstream upstream = upstream("http://127.0.0.1:" + free, "retries: 0");

    assertLevel(
        Level.FAIL,
        UpstreamChecks.reachable("llm", upstream, name -> null, Duration.ofMillis(500)));
  }

  @Test
  void aBrokenConfigurationIsAFindingForEachProblem() throws IOException {
    Path file = Files.writeString(folder.resolve("tierwise.yaml"), "server: {port: 99999}\n");

    List<Finding> findings = new Doctor(NOW, name -> null).examine(file);

    assertEquals(
        List.of("java", "memory", "encoder", "configuration", "configuration", "configuration"),
        findings.stream().map(Finding::what).toList());
    assertEquals(3, findings.stream().filter(each -> each.level() == Level.FAIL).count());
  }

  @Test
  void aWholeExaminationLooksAtEverything() throws IOException {
    try (ScriptedUpstream endpoint = new ScriptedUpstream()) {
      endpoint.otherwise(status(200));
      config("refund, delivery", "gpt-4o", "server: {port: 0}", endpoint.url());

      List<Finding> findings =
          new Doctor(NOW, name -> null).examine(folder.resolve("tierwise.yaml"));

      assertEquals(
          List.of(
              "java",
              "memory",
              "encoder",
              "configuration",
              "data " + folder.resolve("data"),
              "disk",
              "database",
              "ledger",
              "port 127.0.0.1:0",
              "key of llm",
              "upstream llm",
              "prices of support",
              "student of support"),
          findings.stream().map(Finding::what).toList());
      assertEquals(
          List.of(), findings.stream().filter(each -> each.level() == Level.FAIL).toList());
    }
  }

  private static void assertLevel(Level level, Finding finding) {
    assertEquals(level, finding.level(), finding.toString());
    assertEquals(level == Level.OK, finding.advice().isEmpty(), finding.toString());
  }

  private static ScriptedUpstream.Act status(int status) {
    return (HttpExchange exchange) -> {
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    };
  }

  private static Path segment(Path data) throws IOException {
    try (Stream<Path> segments = Files.list(data.resolve("ledger"))) {
      return segments
          .filter(file -> file.getFileName().toString().matches("ledger-\\d+\\.log"))
          .sorted()
          .toList()
          .getLast();
    }
  }

  private TierwiseConfig.TaskConfig task(String labels) throws IOException {
    return config(labels, "gpt-4o").tasks().getFirst();
  }

  private TierwiseConfig.Upstream upstream(String url, String line) throws IOException {
    String text = "upstreams: {llm: {url: '%s', %s}}".formatted(url, line);
    Path file = Files.writeString(folder.resolve("upstream.yaml"), text + tasks("a, b", "gpt-4o"));
    return ConfigFile.load(file, NOW).upstreams().get("llm");
  }

  private TierwiseConfig config(String labels, String price, String... lines) throws IOException {
    List<String> keys = Arrays.stream(lines).filter(line -> !line.startsWith("http")).toList();
    String url =
        Arrays.stream(lines)
            .filter(line -> line.startsWith("http"))
            .findFirst()
            .orElse("http://127.0.0.1:1");
    String text = String.join("\n", keys) + "\nupstreams: {llm: {url: '" + url + "'}}";
    Path file = Files.writeString(folder.resolve("tierwise.yaml"), text + tasks(labels, price));
    return ConfigFile.load(file, NOW);
  }

  private static String tasks(String labels, String price) {
    return "\ntasks: [{name: support, labels: [%s], large: {upstream: llm, price: %s}}]\n"
        .formatted(labels, price);
  }
}
