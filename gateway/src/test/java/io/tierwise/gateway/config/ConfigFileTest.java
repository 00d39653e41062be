package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.TierwiseConfig.AuditConfig;
import io.tierwise.gateway.config.TierwiseConfig.CacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.CorpusConfig;
import io.tierwise.gateway.config.TierwiseConfig.FlywheelConfig;
import io.tierwise.gateway.config.TierwiseConfig.LargeConfig;
import io.tierwise.gateway.config.TierwiseConfig.LedgerConfig;
import io.tierwise.gateway.config.TierwiseConfig.Prices;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.Server;
import io.tierwise.gateway.config.TierwiseConfig.StudentConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.request.InputForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigFileTest extends WrittenConfig {

  @Test
  void fillsInEveryDefault() throws IOException {
    TierwiseConfig config = load(SMALLEST);

    assertEquals(
        new TierwiseConfig(
            new Server("127.0.0.1", 8080),
            folder.resolve("data"),
            folder.resolve("data"),
            new LedgerConfig(67_108_864, true, Duration.ofDays(400)),
            Map.of(
                "teacher",
                new Upstream(
                    "http://127.0.0.1:8081",
                    Protocol.OPENAI,
                    "teacher",
                    null,
                    Duration.ofSeconds(10),
                    32,
                    2,
                    "teacher")),
            new Prices("us-east-1", List.of()),
            List.of(
                new TaskConfig(
                    "support",
                    List.of("refund", "delivery"),
                    new InputForm.Text(),
                    new Contract(0.05, 0.05),
                    new LargeConfig(
                        "teacher",
                        "gpt-4o-mini",
                        Prompt.standard(Requests.task("support", "refund", "delivery"))),
                    new StudentConfig("box-student"),
                    new CacheConfig("box-exact-cache", Duration.ofHours(24), 100_000),
                    SemanticCacheConfig.OFF,
                    new AuditConfig(0.3, 0.05),
                    Fallback.REJECT,
                    Fallback.REJECT,
                    new CorpusConfig(true, Duration.ofDays(90)),
                    FlywheelConfig.OFF)),
            List.of()),
        config);
  }

  @Test
  void readsEveryKey() throws IOException {
    write(
        "mine.yaml",
        """
        region: us-east-1
        prices:
          - {id: our-gpu, effectiveFrom: 2026-01-01, source: contract 7, unit: per-request, perRequest: '0.0007'}
        """);
    TierwiseConfig config =
        load(
            """
            server: {host: 0.0.0.0, port: 0}
            data: /var/lib/tierwise
            ledger: {segmentBytes: 65536, compress: false, retention: 30d}
            upstreams:
              gpu:
                url: https://models.example/prod
                protocol: invocations
                model: bge-head
                apiKeyFrom: GPU_KEY
                timeout: 1500ms
                maxConcurrent: 8
                retries: 0
                version: "7"
            prices:
              region: us-east-1
              files: [mine.yaml]
            tasks:
              - name: support
                labels:
                  - refund
                  - yes
                contract: {epsilon: 0.03, delta: 0.1}
                large: {upstream: gpu, price: our-gpu}
                student: {price: lambda-arm64-2gb}
                exactCache: {price: lambda-request, timeToLive: 5m, maximumEntries: 10}
                audit: {shutRate: 1, openRate: 0}
                whenLargeUnavailable: cheap-only
                whenBudgetExhausted: cheap-only
                corpus: {keep: false, timeToLive: 1d}
            budgets:
              - {tenant: acme, daily: '12.50'}
            """);

    assertEquals(new Server("0.0.0.0", 0), config.server());
    assertEquals(Path.of("/var/lib/tierwise"), config.data());
    assertEquals(
        new Upstream(
            "https://models.example/prod",
            Protocol.INVOCATIONS,
            "bge-head",
            "GPU_KEY",
            Duration.ofMillis(1500),
            8,
            0,
            "7"),
        config.upstreams().get("gpu"));
    assertEquals(List.of(folder.resolve("mine.yaml")), config.prices().files());
    TaskConfig task = config.tasks().getFirst();
    assertEquals(List.of("refund", "yes"), task.labels());
    assertEquals(new Contract(0.03, 0.1), task.contract());
    assertEquals(new CacheConfig("lambda-request", Duration.ofMinutes(5), 10), task.exactCache());
    assertEquals(new AuditConfig(1, 0), task.audit());
    assertEquals(Fallback.CHEAP_ONLY, task.policy().whenLargeUnavailable());
    assertEquals(Fallback.CHEAP_ONLY, task.policy().whenBudgetExhausted());
    assertEquals(new CorpusConfig(false, Duration.ofDays(1)), task.corpus());
    assertEquals(List.of(RunningGateway.daily("acme", "12.5")), config.budgets());
    assertNull(load(SMALLEST).upstreams().get("teacher").apiKeyFrom());
  }

  @Test
  void namesTheNearestKeyForAnUnknownOne() {
    refused(
        SMALLEST.replace("price:", "Prices:"),
        "7: tasks[0].large.price: it is missing; add it",
        "9: tasks[0].large.Prices: there is no such key; did you mean 'price'?");
    refused(
        "severs: {port: 1}\n" + SMALLEST,
        "1: severs: there is no such key; did you mean 'server'?");
    refused(
        SMALLEST + "observers: true\n",
        "10: observers: there is no such key; remove it, or use one of: server, data, budgetData,"
            + " ledger, telemetry, upstreams, prices, tasks, chats, teams, budgets, trust");
    refused(
        SMALLEST + "    exact-cache: {}\n",
        "10: tasks[0].exact-cache: there is no such key; did you mean 'exactCache'?");
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    refused(
        SMALLEST + "tasks: []\n",
        "10: tasks: it is there twice, first on line 4; keep one of the two");
    refused(
        SMALLEST.replace("  large:", "  contract: {epsilon: 0.1, epsilon: 0.01}\n    large:"),
        "7: tasks[0].contract.epsilon: it is there twice, first on line 7; keep one of the two");
  }

  @Test
  void refusesAnEpsilonOutsideZeroAndOne() {
    for (String epsilon : List.of("0", "1", "1.5", "-0.1", "1.0")) {
      refused(
          SMALLEST + "    contract: {epsilon: " + epsilon + "}\n",
          "10: tasks[0].contract.epsilon: "
              + Double.parseDouble(epsilon)
              + " is not between 0 and 1 (exclusive); give a share such as 0.05");
    }
    refused(
        SMALLEST + "    contract: {delta: .nan}\n",
        "10: tasks[0].contract.delta: '.nan' is no decimal number; write one such as 0.05");
  }

  @Test
  void refusesALabelTwice() {
    refused(
        SMALLEST.replace(
            "[refund, delivery]", "\n      - refund\n      - delivery\n      - refund"),
        "9: tasks[0].labels[2]: 'refund' is there twice, first on line 7; name each label once");
  }

  @Test
  void refusesFewerThanTwoLabels() {
    refused(
        SMALLEST.replace("[refund, delivery]", "[refund]"),
        "6: tasks[0].labels: there are 1 of them; give at least two labels");
    refused(
        SMALLEST.replace("    labels: [refund, delivery]\n", ""),
        "5: tasks[0].labels: there are 0 of them; give at least two labels");
  }

  @Test
  void refusesAnUpstreamThatDoesNotExist() {
    refused(
        SMALLEST.replace("upstream: teacher", "upstream: tutor"),
        "8: tasks[0].large.upstream: there is no upstream 'tutor'; add it under upstreams, or use"
            + " one of: teacher");
  }

  @Test
  void refusesTheSameTaskOrTenantTwice() {
    refused(
        SMALLEST
            + """
              - name: support
                labels: [a, b]
                large: {upstream: teacher, price: gpt-4o}
            budgets:
              - {tenant: acme, daily: '1'}
              - {tenant: acme, daily: '2'}
            """,
        "10: tasks[1].name: 'support' is there twice, first on line 5; name each once",
        "15: budgets[1].tenant: 'acme' is there twice, first on line 14; name each once");
  }

  @Test
  void refusesValuesOfTheWrongType() {
    refused(
        """
        server: 8080
        data:
        upstreams: [teacher]
        tasks: {name: support}
        budgets: acme
        """,
        "1: server: it is '8080'; write its keys, indented below it",
        "2: data: it is nothing; write one value",
        "3: upstreams: it is a list; write its keys, indented below it",
        "4: tasks: it is a group of keys; write a list, such as [a, b]",
        "4: tasks: there is none; add at least one",
        "5: budgets: it is 'acme'; write a list, such as [a, b]");
    refused(
        SMALLEST.replace("[refund, delivery]", "[refund, {delivery: 1}]"),
        "6: tasks[0].labels[1]: it is a group of keys; write one value");
  }

  @Test
  void refusesValuesOutOfTheirRange() {
    refused(
        """
        server: {port: 70000, host: ''}
        upstreams:
          teacher:
            url: ftp://models.example
            protocol: grpc
            apiKeyFrom: sk-12345
            timeout: 10
            maxConcurrent: 0
            retries: many
        tasks:
          - name: two words
            labels: ['', b]
            large: {upstream: teacher, price: gpt-4o}
            audit: {shutRate: 1.01}
            whenLargeUnavailable: retry
            corpus: {keep: maybe, timeToLive: 0d}
        budgets:
          - {tenant: acme, daily: '-1'}
          - {tenant: other, daily: 1e3}
        """,
        "1: server.host: it is blank; write something",
        "1: server.port: 70000 is out of range; give one from 0 to 65535",
        "4: upstreams.teacher.url: 'ftp://models.example' is no plain http or https URL; give one"
            + " such as http://host:8000",
        "5: upstreams.teacher.protocol: 'grpc' is not known here; use one of: openai, invocations,"
            + " anthropic, bedrock",
        "6: upstreams.teacher.apiKeyFrom: this is no name of an environment variable; name the"
            + " variable that holds the key, as in OPENAI_API_KEY; never the key itself",
        "7: upstreams.teacher.timeout: '10' is no duration; write one such as 500ms, 10s, 5m, 24h"
            + " or 90d",
        "8: upstreams.teacher.maxConcurrent: 0 is out of range; give one from 1 to 100000",
        "9: upstreams.teacher.retries: 'many' is no whole number; give one from 0 to 10",
        "11: tasks[0].name: 'two words' is not a name; use 1 to 128 letters, digits, '.', '_' or"
            + " '-', beginning with a letter or digit",
        "12: tasks[0].labels[0]: it is blank; give 1 to 256 characters",
        "14: tasks[0].audit.shutRate: 1.01 is not between 0 and 1; give a number from 0 to 1",
        "15: tasks[0].whenLargeUnavailable: 'retry' is not known here; use one of: reject,"
            + " cheap-only",
        "16: tasks[0].corpus.keep: 'maybe' is neither true nor false; write true or false",
        "16: tasks[0].corpus.timeToLive: it is no time at all; give more than 0",
        "18: budgets[0].daily: -1 is negative; give 0 or more",
        "19: budgets[1].daily: '1e3' is no decimal amount; write dollars such as '0.0025'");
  }

  @Test
  void refusesWhatIsNoSingleDocumentOfKeys() {
    refused("", "1: file: it holds nothing; write keys such as 'server:'");
    refused("- a\n", "1: file: it holds a list; write keys such as 'server:'");
    refused(
        SMALLEST + "---\nserver: {}\n",
        "11: file: a second document begins here; keep one document in a file");
    refused(
        "server: &it {port: 1}\n", "1: file: it uses an anchor or an alias; write the value out");
    refused(
        "a: &it b\nserver: *it\n", "2: file: it uses an anchor or an alias; write the value out");
    String broken = refusal("server:\n  port: 1\n bad\n");
    assertTrue(broken.startsWith("3: file: it is no YAML ("), broken);
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    ConfigException exception =
        assertThrows(ConfigException.class, () -> ConfigFile.load(missing, NOW));
    assertEquals(
        missing + ": file: there is no such file; create it, or name another one",
        exception.getMessage());

    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, new byte[] {'a', ':', ' ', (byte) 0xe9, '\n'});
    assertEquals(
        latin + ": file: it is not UTF-8 text; save it as UTF-8",
        assertThrows(ConfigException.class, () -> ConfigFile.load(latin, NOW)).getMessage());
  }
}
