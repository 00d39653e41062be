package io.tierwise.aws.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tierwise.gateway.learning.QueuedAudits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What template.yaml must say, said on the template itself. */
class TemplateTest {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final Path FILE = HOME.resolve("template.yaml");
  private static final Pattern METRIC = Pattern.compile("tierwise_[a-z_]+");
  private static final Pattern METER =
      Pattern.compile("(Counter|Timer|Gauge)\\.builder\\(\\s*\"(tierwise[a-z.]+)\"");
  private static final Pattern NAME = Pattern.compile("\"(tierwise\\.[a-z.]+)\"");
  private static final JsonNode ROOT = root();

  private static JsonNode root() {
    try {
      return new YAMLMapper().readTree(FILE.toFile());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<JsonNode> resources(String type) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode resource : ROOT.path("Resources")) {
      if (resource.path("Type").asText().equals(type)) {
        found.add(resource.path("Properties"));
      }
    }
    assertFalse(found.isEmpty(), type);
    return found;
  }

  private static JsonNode properties(String name) {
    JsonNode properties = ROOT.at("/Resources/" + name + "/Properties");
    assertFalse(properties.isMissingNode(), name);
    return properties;
  }

  @Test
  void everyPathOfTheGatewayIsARouteButItsMetricsAndItsConsole() throws IOException {
    JsonNode described =
        new ObjectMapper()
            .readTree(
                HOME.resolve("gateway/src/main/resources/io/tierwise/gateway/server/openapi.json")
                    .toFile());
    Set<String> served = new TreeSet<>();
    described
        .path("paths")
        .properties()
        .forEach(path -> {
          String method =
              Stream.of("post", "delete").filter(path.getValue()::has).findFirst().orElse("get");
          served.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
        });
    served.remove("GET /metrics");
    served.removeIf(path -> path.contains("/console"));
    Set<String> routes = new TreeSet<>();
    for (JsonNode event : properties("GatewayFunction").path("Events")) {
      JsonNode route = event.path("Properties");
      routes.add(route.path("Method").asText() + " " + route.path("Path").asText());
    }
    assertEquals(served, routes);
  }

  @Test
  void theHttpApiIsThrottledAndLogged() {
    JsonNode api = properties("HttpApi");
    assertEquals("RateLimit", api.at("/DefaultRouteSettings/ThrottlingRateLimit").asText());
    assertEquals("BurstLimit", api.at("/DefaultRouteSettings/ThrottlingBurstLimit").asText());
    assertEquals("AccessLogs.Arn", api.at("/AccessLogSettings/DestinationArn").asText());
    assertFalse(api.at("/AccessLogSettings/Format").asText().contains("body"));
  }

  @Test
  void functionsRunOnJava25AndAreSnapshotsBehindAnAlias() {
    JsonNode all = ROOT.at("/Globals/Function");
    assertEquals("java25", all.path("Runtime").asText());
    assertEquals("arm64", ROOT.at("/Parameters/Architecture/Default").asText());
    assertEquals("PublishedVersions", all.at("/SnapStart/ApplyOn").asText());
    assertEquals("live", all.path("AutoPublishAlias").asText());
  }

  @Test
  void everyFunctionIsAFolderWithItsHandlerAndItsEvents() throws IOException {
    for (JsonNode function : resources("AWS::Serverless::Function")) {
      String name = Path.of(function.path("CodeUri").asText()).getName(1).toString();
      assertEquals("functions/" + name + "/target/package", function.path("CodeUri").asText());
      String source =
          "functions/"
              + name
              + "/src/main/java/"
              + function.path("Handler").asText().replace('.', '/')
              + ".java";
      assertTrue(Files.exists(HOME.resolve(source)), source);
      try (Stream<Path> events = Files.list(HOME.resolve("functions/" + name + "/events"))) {
        assertTrue(events.anyMatch(event -> event.toString().endsWith(".json")), name);
      }
    }
  }

  @Test
  void nothingIsAllowedOnEverythingWithoutAWrittenReason() throws IOException {
    List<String> lines = Files.readAllLines(FILE);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      boolean wide =
          line.matches("(- )?(Resource|Action|Principal): (\"\\*\"|\\*|[a-z0-9]+:\\*)")
              || line.matches("- \"\\*\"");
      if (wide) {
        List<String> before = lines.subList(Math.max(0, i - 6), i);
        assertTrue(
            before.stream().anyMatch(each -> each.strip().startsWith("#")),
            "line " + (i + 1) + ": " + line);
      }
    }
  }

  @Test
  void noFunctionMayDoAWholeServicesActions() {
    for (JsonNode function : resources("AWS::Serverless::Function")) {
      for (JsonNode statement : function.path("Policies").path(0).path("Statement")) {
        for (JsonNode action : statement.path("Action")) {
          assertFalse(action.asText().contains("*"), action.asText());
        }
      }
    }
  }

  @Test
  void bucketsAreVersionedEncryptedClosedAndTlsOnly() {
    for (String name : List.of("ArtifactBucket", "LedgerBucket")) {
      JsonNode bucket = properties(name);
      assertEquals("Enabled", bucket.at("/VersioningConfiguration/Status").asText());
      assertEquals(
          "aws:kms",
          bucket
              .at("/BucketEncryption/ServerSideEncryptionConfiguration/0")
              .at("/ServerSideEncryptionByDefault/SSEAlgorithm")
              .asText());
      for (String block :
          List.of(
              "BlockPublicAcls",
              "BlockPublicPolicy",
              "IgnorePublicAcls",
              "RestrictPublicBuckets")) {
        assertTrue(bucket.path("PublicAccessBlockConfiguration").path(block).asBoolean(), block);
      }
      assertTlsOnly(properties(name + "Policy"));
      assertEquals("Retain", ROOT.at("/Resources/" + name + "/DeletionPolicy").asText());
    }
    assertEquals(2, resources("AWS::S3::Bucket").size());
  }

  private static void assertTlsOnly(JsonNode policy) {
    JsonNode statement = policy.at("/PolicyDocument/Statement/0");
    assertEquals("Deny", statement.path("Effect").asText());
    assertEquals("false", statement.at("/Condition/Bool/aws:SecureTransport").asText());
  }

  @Test
  void tablesAreEncryptedAndCanBeRestored() {
    for (JsonNode table : resources("AWS::DynamoDB::Table")) {
      assertTrue(table.at("/SSESpecification/SSEEnabled").asBoolean());
      assertTrue(
          table.at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled").asBoolean());
      assertEquals("PAY_PER_REQUEST", table.path("BillingMode").asText());
    }
    assertEquals(
        "expires",
        properties("AnswersTable").at("/TimeToLiveSpecification/AttributeName").asText());
  }

  @Test
  void theCorpusExpiresAndWhatIsDeletedIsGoneADayLater() {
    JsonNode rule = properties("ArtifactBucket").at("/LifecycleConfiguration/Rules/1");
    assertEquals(io.tierwise.aws.s3.S3Corpus.PREFIX, rule.path("Prefix").asText());
    assertEquals("CorpusDays", rule.path("ExpirationInDays").asText());
    assertEquals(1, rule.at("/NoncurrentVersionExpiration/NoncurrentDays").asInt());
  }

  @Test
  void gatesAreMovedByTheFunctionsThatAnswerAndAuditAndByNoOther() {
    for (String name : List.of("GatewayFunction", "AuditFunction")) {
      JsonNode variables = properties(name).at("/Environment/Variables");
      assertEquals("ContractsTable", variables.path("TIERWISE_CONTRACTS_TABLE").asText());
      assertEquals("FeedbackTable", variables.path("TIERWISE_FEEDBACK_TABLE").asText());
      assertEquals("AuditQueue", variables.path("TIERWISE_AUDIT_QUEUE_URL").asText());
      assertEquals(
          List.of("dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"),
          actions(name, "ContractsTable"));
      assertEquals(List.of("dynamodb:PutItem"), actions(name, "FeedbackTable"));
      assertEquals(List.of("s3:PutObject"), actions(name, "WriteCorpus"));
    }
    for (String name : List.of("StudentFunction", "ReportFunction", "RetrainFunction")) {
      assertEquals(List.of(), actions(name, "ContractsTable"));
    }
    JsonNode key = properties("ContractsTable").path("KeySchema");
    assertEquals("task", key.at("/0/AttributeName").asText());
    assertEquals("item", key.at("/1/AttributeName").asText());
  }

  private static List<String> actions(String function, String statement) {
    List<String> actions = new ArrayList<>();
    for (JsonNode each : properties(function).path("Policies").path(0).path("Statement")) {
      if (each.path("Sid").asText().equals(statement)) {
        each.path("Action").forEach(action -> actions.add(action.asText()));
      }
    }
    return actions;
  }

  @Test
  void queuesAreEncryptedAndGiveUpIntoADeadLetterQueue() {
    for (JsonNode queue : resources("AWS::SQS::Queue")) {
      assertTrue(queue.path("SqsManagedSseEnabled").asBoolean());
    }
    JsonNode audits = properties("AuditQueue");
    assertEquals("AuditDeadLetters.Arn", audits.at("/RedrivePolicy/deadLetterTargetArn").asText());
    int timeout = properties("AuditFunction").path("Timeout").asInt();
    assertTrue(audits.path("VisibilityTimeout").asInt() >= 6 * timeout);
    assertEquals(
        "ReportBatchItemFailures",
        properties("AuditFunction")
            .at("/Events/Audits/Properties/FunctionResponseTypes/0")
            .asText());
    assertTlsOnly(properties("AuditQueuePolicy"));
  }

  /** So a claim never ends under its owner, and has ended when the queue delivers again. */
  @Test
  void theClaimOnAnAuditOutlivesItsFunctionAndEndsBeforeTheNextDelivery() {
    long lease = QueuedAudits.LEASE.toSeconds();
    assertTrue(properties("AuditFunction").path("Timeout").asLong() < lease);
    assertTrue(lease < properties("AuditQueue").path("VisibilityTimeout").asLong());
  }

  /** Both models, a judge that is asked twice, and the tables: of a batch more than one is made. */
  @Test
  void anAuditOfAChatFitsTwiceIntoItsFunctionsTime() {
    int call = 25;
    assertTrue(2 * (4 * call + 10) <= properties("AuditFunction").path("Timeout").asInt());
  }

  @Test
  void everyLogIsKeptForAWhileAndNoLonger() {
    for (JsonNode group : resources("AWS::Logs::LogGroup")) {
      assertEquals("LogRetentionDays", group.path("RetentionInDays").asText());
    }
    for (JsonNode function : resources("AWS::Serverless::Function")) {
      String group = function.at("/LoggingConfig/LogGroup").asText();
      assertFalse(ROOT.at("/Resources/" + group).isMissingNode(), group);
    }
  }

  @Test
  void theLedgersLinesGoFromTheLogToTheBucket() {
    for (JsonNode filter : resources("AWS::Logs::SubscriptionFilter")) {
      assertEquals(
          "{ $.kind = \"" + io.tierwise.gateway.ledger.EntryLine.KIND + "\" }",
          filter.path("FilterPattern").asText());
      assertEquals("LedgerStream.Arn", filter.path("DestinationArn").asText());
    }
    assertEquals(
        "LedgerBucket.Arn",
        properties("LedgerStream").at("/ExtendedS3DestinationConfiguration/BucketARN").asText());
  }

  @Test
  void everyAlarmIsToldToSomeoneAndIsQuietWithoutData() {
    for (JsonNode alarm : resources("AWS::CloudWatch::Alarm")) {
      assertEquals("Alarms", alarm.at("/AlarmActions/0").asText());
      assertEquals("notBreaching", alarm.path("TreatMissingData").asText());
      assertFalse(alarm.path("AlarmDescription").asText().isBlank());
    }
    for (String name :
        List.of(
            "ContractBroken",
            "ContractAtRisk",
            "BreakerOpen",
            "StudentErrors",
            "ColdStartShare",
            "AuditsDead",
            "LargeSpend")) {
      properties(name);
    }
  }

  @Test
  void theBudgetIsToldAt80AndAt100Percent() {
    List<Integer> thresholds = new ArrayList<>();
    for (JsonNode each : properties("SpendBudget").path("NotificationsWithSubscribers")) {
      thresholds.add(each.at("/Notification/Threshold").asInt());
    }
    assertEquals(List.of(80, 100), thresholds);
  }

  @Test
  void alarmsAndDashboardNameEveryMetricOfTheCodeAndNoOther() throws IOException {
    Set<String> shown = new TreeSet<>();
    METRIC.matcher(Files.readString(FILE)).results().forEach(each -> shown.add(each.group()));
    assertEquals(emitted(), shown);
  }

  /** Under the names that Prometheus, and so the embedded metric format, gives them. */
  private static Set<String> emitted() throws IOException {
    String source =
        Files.readString(
            HOME.resolve("gateway/src/main/java/io/tierwise/gateway/metrics/Metrics.java"));
    Map<String, String> kinds = new HashMap<>();
    NAME.matcher(source).results().forEach(each -> kinds.put(each.group(1), "Gauge"));
    METER.matcher(source).results().forEach(each -> kinds.put(each.group(2), each.group(1)));
    Set<String> names = new TreeSet<>();
    kinds.forEach((name, kind) -> names.addAll(series(kind, name)));
    assertTrue(names.size() > 10);
    return names;
  }

  private static List<String> series(String meter, String name) {
    String base = name.replace('.', '_');
    return switch (meter) {
      case "Counter" -> List.of(base + "_total");
      case "Timer" ->
          List.of(base + "_seconds_count", base + "_seconds_sum", base + "_seconds_max");
      default -> List.of(base);
    };
  }

  @Test
  void everyParameterIsUsedAndHasADefault() throws IOException {
    String text = Files.readString(FILE);
    for (Map.Entry<String, JsonNode> parameter : ROOT.path("Parameters").properties()) {
      assertTrue(parameter.getValue().has("Default"), parameter.getKey());
      assertFalse(parameter.getValue().path("Description").asText().isBlank());
      assertTrue(
          Pattern.compile("(!Ref |\\$\\{|\\[)" + parameter.getKey() + "\\b").matcher(text).find(),
          parameter.getKey());
    }
  }

  @Test
  void aFirstDeploymentNeedsNoGpuAndNoJobs() {
    assertEquals("false", ROOT.at("/Parameters/GpuEndpoint/Default").asText());
    for (String name : List.of("GpuModel", "GpuEndpointConfig", "GpuEndpointResource", "GpuRole")) {
      assertEquals("HasGpuEndpoint", ROOT.at("/Resources/" + name + "/Condition").asText());
    }
    assertEquals("HasJobs", ROOT.at("/Resources/TrainingMachine/Condition").asText());
  }

  @Test
  void theStateMachineIsJson() throws IOException {
    JsonNode machine =
        new ObjectMapper().readTree(HOME.resolve("infra/jobs/training.asl.json").toFile());
    assertTrue(machine.path("States").has(machine.path("StartAt").asText()));
  }
}
