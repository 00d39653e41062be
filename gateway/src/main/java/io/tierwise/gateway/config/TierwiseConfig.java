package io.tierwise.gateway.config;

import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.AuditCap;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Money;
import io.tierwise.router.policy.CostPolicy;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.artifact.SigningKey;
import io.tierwise.student.artifact.Trust;
import io.tierwise.student.registry.DirectoryRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that {@code tierwise.yaml} says, with every default filled in and every reference checked.
 *
 * @param data where everything durable is kept; absolute
 * @param budgetData where spending is counted: data, or what several gateways share; absolute
 * @param upstreams by name, in the file's order
 */
public record TierwiseConfig(
    Server server,
    Path data,
    Path budgetData,
    LedgerConfig ledger,
    Map<String, Upstream> upstreams,
    Prices prices,
    List<TaskConfig> tasks,
    List<BudgetConfig> budgets,
    List<ChatConfig> chats,
    TrustConfig trust,
    Telemetry telemetry) {
  public TierwiseConfig {
    upstreams = Collections.unmodifiableMap(new LinkedHashMap<>(upstreams));
    tasks = List.copyOf(tasks);
    budgets = List.copyOf(budgets);
    chats = List.copyOf(chats);
  }

  /** Trusting as usual, without telemetry. */
  public TierwiseConfig(
      Server server,
      Path data,
      Path budgetData,
      LedgerConfig ledger,
      Map<String, Upstream> upstreams,
      Prices prices,
      List<TaskConfig> tasks,
      List<BudgetConfig> budgets,
      List<ChatConfig> chats) {
    this(
        server,
        data,
        budgetData,
        ledger,
        upstreams,
        prices,
        tasks,
        budgets,
        chats,
        TrustConfig.USUAL,
        Telemetry.OFF);
  }

  /** Without chats. */
  public TierwiseConfig(
      Server server,
      Path data,
      Path budgetData,
      LedgerConfig ledger,
      Map<String, Upstream> upstreams,
      Prices prices,
      List<TaskConfig> tasks,
      List<BudgetConfig> budgets) {
    this(server, data, budgetData, ledger, upstreams, prices, tasks, budgets, List.of());
  }

  /** The registry in the data directory. */
  public DirectoryRegistry registry(Clock clock) {
    return new DirectoryRegistry(
        data.resolve("registry"), clock, Trust.of(trust.artifactKeys()), trust.own());
  }

  /**
   * @throws InvalidValueException when there is none of this name
   */
  public TaskConfig task(String name) {
    return tasks.stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new InvalidValueException(
                "task",
                "there is no task '" + name + "'",
                "use one of " + tasks.stream().map(TaskConfig::name).toList()));
  }

  /**
   * Everything that has a contract: the tasks, and the routers and semantic caches of chats as
   * tasks whose label says which answer is to be given.
   */
  public List<TaskConfig> contracts() {
    List<TaskConfig> all = new ArrayList<>(tasks);
    chats.forEach(chat -> all.addAll(chat.contracts()));
    return all;
  }

  /** The routers of a chat, each with a contract of its own; none where the name is no chat's. */
  public List<String> routers(String chat) {
    return chats.stream()
        .filter(each -> each.name().equals(chat))
        .flatMap(each -> each.routers().stream())
        .toList();
  }

  /** Whether what is certified under a name is a chat's: a router, or a semantic cache. */
  public boolean isOfChat(String name) {
    return chats.stream()
        .flatMap(chat -> chat.contracts().stream())
        .anyMatch(each -> each.name().equals(name));
  }

  /**
   * Where the gateway listens.
   *
   * @param port 0 for any free one
   * @param maxConcurrent requests under way at once; more are refused
   * @param queueTime how long requests may wait for a processor before some are refused
   */
  public record Server(String host, int port, int maxConcurrent, Duration queueTime) {
    /** With the usual limits. */
    public Server(String host, int port) {
      this(host, port, 4096, Duration.ofMillis(100));
    }
  }

  /**
   * Who and what is trusted.
   *
   * @param artifactKeys public keys of which one must have signed an artifact; none for any
   *     artifact
   * @param signingKey the file of the key that students made here are signed with; null for none
   * @param addresses that upstreams may have, in blocks; none for all but those of {@link
   *     io.tierwise.gateway.tier.Destinations}
   */
  public record TrustConfig(
      List<String> artifactKeys, @Nullable Path signingKey, List<String> addresses) {
    public static final TrustConfig USUAL = new TrustConfig(List.of(), null, List.of());

    public TrustConfig {
      artifactKeys = List.copyOf(artifactKeys);
      addresses = List.copyOf(addresses);
    }

    /** The key of one's own; null for none. */
    public @Nullable SigningKey own() {
      return signingKey == null ? null : SigningKey.read(signingKey);
    }
  }

  /**
   * What is told to others while serving.
   *
   * @param otlp the OpenTelemetry collector that spans are sent to; null for none
   */
  public record Telemetry(@Nullable String otlp) {
    public static final Telemetry OFF = new Telemetry(null);
  }

  /**
   * How the ledger is kept.
   *
   * @param segmentBytes a segment that has reached this size is closed
   * @param compress whether closed segments are compressed
   * @param retention closed segments whose last entry is older are removed
   */
  public record LedgerConfig(int segmentBytes, boolean compress, Duration retention) {
    public static final LedgerConfig DEFAULT =
        new LedgerConfig(64 << 20, true, Duration.ofDays(400));
  }

  /**
   * A large model's endpoint.
   *
   * @param url http or https, without a trailing slash
   * @param model what the endpoint calls its model
   * @param apiKeyFrom the environment variable that holds the endpoint's key; null when it needs
   *     none
   * @param timeout for one call, retries not included
   * @param maxConcurrent calls under way at once; more are refused as saturated
   * @param retries further calls after a failed one
   * @param version part of every cache key: a new version's answers replace the old one's
   */
  public record Upstream(
      String url,
      Protocol protocol,
      String model,
      @Nullable String apiKeyFrom,
      Duration timeout,
      int maxConcurrent,
      int retries,
      String version) {}

  /** What an endpoint speaks. */
  public enum Protocol {
    /** {@code POST /v1/chat/completions}. */
    OPENAI,
    /** {@code POST /invocations}, as SageMaker endpoints do. */
    INVOCATIONS,
    /** {@code POST /v1/messages}, as Anthropic does; for chats. */
    ANTHROPIC,
    /** {@code POST /model/ID/converse}, as Amazon Bedrock does; for chats. */
    BEDROCK
  }

  /**
   * Where prices come from.
   *
   * @param region whose shipped price file is the base
   * @param files the user's own, later ones on top of earlier ones; absolute
   */
  public record Prices(String region, List<Path> files) {
    public Prices {
      files = List.copyOf(files);
    }
  }

  /** One task and all that is decided for it. */
  public record TaskConfig(
      String name,
      List<String> labels,
      InputForm input,
      Contract contract,
      LargeConfig large,
      StudentConfig student,
      CacheConfig exactCache,
      SemanticCacheConfig semanticCache,
      AuditConfig audit,
      Fallback whenLargeUnavailable,
      Fallback whenBudgetExhausted,
      CorpusConfig corpus,
      FlywheelConfig flywheel) {
    public TaskConfig {
      labels = List.copyOf(labels);
    }

    /** The task as the router knows it. */
    public Task.Classification task() {
      return new Task.Classification(name, labels.stream().map(Label::new).toList());
    }

    public CostPolicy policy() {
      return new CostPolicy(whenLargeUnavailable, whenBudgetExhausted);
    }
  }

  /**
   * The large tier.
   *
   * @param upstream a name in {@link TierwiseConfig#upstreams}
   * @param price an id in the price book
   * @param prompt how an upstream that reads language is asked; the others are not
   */
  public record LargeConfig(String upstream, String price, Prompt prompt) {}

  /**
   * The student tier.
   *
   * @param price an id in the price book
   */
  public record StudentConfig(String price) {}

  /**
   * The exact cache tier.
   *
   * @param price an id in the price book
   * @param maximumEntries kept on disk for the task
   */
  public record CacheConfig(String price, Duration timeToLive, long maximumEntries) {}

  /**
   * The semantic cache tier.
   *
   * @param enabled whether the task or chat has one
   * @param price an id in the price book
   * @param maximumEntries kept on disk for it
   */
  public record SemanticCacheConfig(
      boolean enabled, String price, Duration timeToLive, long maximumEntries) {
    /** Of who has none. */
    public static final SemanticCacheConfig OFF =
        new SemanticCacheConfig(false, "box-semantic-cache", Duration.ofHours(24), 100_000);
  }

  /**
   * The shares of requests that are audited.
   *
   * @param shutRate while the large model answers anyway
   * @param openRate while cheap tiers answer
   * @param dailyLimit on what audits may cost in a UTC day; null for none
   * @param repeatRate the share of audits for which the large model is asked twice
   * @param reviewRate the share of audits that people are asked about
   * @param probes how many texts are pinned, to be asked again; 0 for none
   * @param probeInterval how often they are
   */
  public record AuditConfig(
      double shutRate,
      double openRate,
      @Nullable Money dailyLimit,
      double repeatRate,
      double reviewRate,
      int probes,
      Duration probeInterval) {
    /** Without a limit, a second call, people, or pinned texts. */
    public AuditConfig(double shutRate, double openRate) {
      this(shutRate, openRate, null, 0, 0);
    }

    /** Without pinned texts. */
    public AuditConfig(
        double shutRate,
        double openRate,
        @Nullable Money dailyLimit,
        double repeatRate,
        double reviewRate) {
      this(shutRate, openRate, dailyLimit, repeatRate, reviewRate, 0, Duration.ofHours(24));
    }

    /** The limit as the coin knows it; null for none. */
    public @Nullable AuditCap cap() {
      return dailyLimit == null ? null : new AuditCap(dailyLimit);
    }
  }

  /**
   * The corpus.
   *
   * @param keep whether texts are kept at all
   */
  public record CorpusConfig(boolean keep, Duration timeToLive) {}

  /**
   * How students are made and promoted without a hand.
   *
   * @param newRows answers to train on, gathered since the last training, that start the next
   * @param rowsAfterAlarm the same after an alarm
   * @param canaryShare of the requests that a student on trial answers
   * @param canaryAudits under its certificate that a student must stand to go live
   * @param students shapes that compete, cheapest first
   * @param line whether two of them may win together, one behind the other
   */
  public record FlywheelConfig(
      boolean enabled,
      int newRows,
      int rowsAfterAlarm,
      double canaryShare,
      int canaryAudits,
      List<Shape> students,
      boolean line) {
    /** Those that are trained in a minute. */
    public static final List<Shape> QUICK = List.of(Shape.BAG, Shape.ENCODER_HEAD);

    public static final FlywheelConfig OFF =
        new FlywheelConfig(false, 1000, 300, 0.1, 10, QUICK, false);

    public FlywheelConfig {
      students = List.copyOf(students);
    }
  }

  /** All limits together. */
  public List<Limit> limits() {
    return budgets.stream().flatMap(budget -> budget.limits().stream()).toList();
  }

  /** The limits of one tenant, team or task. */
  public record BudgetConfig(List<Limit> limits) {
    public BudgetConfig {
      limits = List.copyOf(limits);
    }
  }
}
