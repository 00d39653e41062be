package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.BudgetConfig;
import io.tierwise.gateway.config.TierwiseConfig.CacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.LedgerConfig;
import io.tierwise.gateway.config.TierwiseConfig.Prices;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.Server;
import io.tierwise.gateway.config.TierwiseConfig.StudentConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.config.TierwiseConfig.Telemetry;
import io.tierwise.gateway.config.TierwiseConfig.TrustConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Over;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Label;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads {@code tierwise.yaml}: strictly, so that a slip is refused at start with its file, line,
 * field and fix, and never found in an invoice. Whatever has a default may be left out; relative
 * paths are relative to the file.
 */
public final class ConfigFile {
  private static final Kind<Optional<Label>> LABEL =
      new Kind<>(text -> Optional.of(new Label(text)), Optional.empty());

  /** As many as a request's body has room for. */
  private static final int MOST_DIMENSIONS = 100_000;

  private final Path folder;
  private final LocalDate today;
  private final Problems problems;

  private ConfigFile(Path file, LocalDate today, Problems problems) {
    this.folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    this.today = today;
    this.problems = problems;
  }

  /**
   * Reads a file, with prices as of today.
   *
   * @throws ConfigException when anything in it cannot be used; it names everything found
   */
  public static TierwiseConfig load(Path file) {
    return load(file, Clock.systemUTC());
  }

  /**
   * Reads a file, with prices as of the clock's day.
   *
   * @throws ConfigException when anything in it cannot be used; it names everything found
   */
  public static TierwiseConfig load(Path file, Clock clock) {
    return load(file, clock, key -> {});
  }

  /** The line of a key such as {@code server.port}, or of what it would stand in; 0 for neither. */
  public static int line(Path file, String path) {
    int line = 0;
    YamlNode node = YamlTree.read(new Problems(file));
    for (String key : path.split("\\.", -1)) {
      YamlNode.Entry entry =
          node instanceof YamlNode.Mapping mapping ? mapping.entries().get(key) : null;
      if (entry == null) {
        return line;
      }
      line = entry.line();
      node = entry.value();
    }
    return line;
  }

  /** The same, with every key that the reading asks for handed to {@code asked}. */
  static TierwiseConfig load(Path file, Clock clock, Consumer<KnownKey> asked) {
    Problems problems = new Problems(file);
    Section root = Section.root(YamlTree.read(problems), problems, asked);
    LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    TierwiseConfig config = new ConfigFile(file, today, problems).read(root);
    problems.refuseIfAny();
    return config;
  }

  private TierwiseConfig read(Section root) {
    Server server = server(root.section("server"));
    String dataText = root.value("data", Kind.TEXT, "data");
    Path data = folder.resolve(dataText).normalize();
    Path budgetData = folder.resolve(root.value("budgetData", Kind.TEXT, dataText)).normalize();
    LedgerConfig ledger = ledger(root.section("ledger"));
    Telemetry telemetry = telemetry(root.section("telemetry"));
    Map<String, Upstream> upstreams = new LinkedHashMap<>();
    root.named("upstreams")
        .forEach((name, section) -> upstreams.put(name, upstream(name, section)));
    Section priceSection = root.section("prices");
    Prices prices = prices(priceSection);
    Optional<PriceBook> book = book(priceSection, prices);
    Kind<String> price = priceId(book);
    LargeReader large = new LargeReader(upstreams, price, tokenless(book));
    List<TaskConfig> tasks = tasks(root, large, price);
    List<ChatConfig> chats =
        new ChatReader(upstreams, price, tasks.stream().map(TaskConfig::name).toList()).read(root);
    if (tasks.isEmpty() && chats.isEmpty()) {
      root.report("tasks", "there is none", "add at least one");
    }
    List<String> names = new ArrayList<>(tasks.stream().map(TaskConfig::name).toList());
    chats.forEach(chat -> names.add(chat.name()));
    List<BudgetConfig> budgets = new BudgetReader(names).read(root);
    TrustConfig trust = new TrustReader(folder).read(root.section("trust"));
    root.refuseOtherKeys();
    return new TierwiseConfig(
        server,
        data,
        budgetData,
        ledger,
        upstreams,
        prices,
        tasks,
        budgets,
        chats,
        trust,
        telemetry);
  }

  private static Server server(Section section) {
    Server server =
        new Server(
            section.value("host", Kind.TEXT, "127.0.0.1"),
            section.value("port", Kind.whole(0, 65_535), "8080"),
            section.value("maxConcurrent", Kind.whole(1, 1_000_000), "4096"),
            section.value("queueTime", Kind.SPAN, "100ms"));
    section.refuseOtherKeys();
    return server;
  }

  private static Telemetry telemetry(Section section) {
    Telemetry telemetry =
        new Telemetry(section.value("otlp", Kind.URL_OR_NONE, "none").orElse(null));
    section.refuseOtherKeys();
    return telemetry;
  }

  private static LedgerConfig ledger(Section section) {
    LedgerConfig ledger =
        new LedgerConfig(
            section.value("segmentBytes", Kind.whole(65_536, 268_435_456), "67108864"),
            section.value("compress", Kind.YES_OR_NO, "true"),
            section.value("retention", Kind.SPAN, "400d"));
    section.refuseOtherKeys();
    return ledger;
  }

  private static Upstream upstream(String name, Section section) {
    String url = section.required("url", Kind.URL);
    Protocol protocol = section.value("protocol", Kind.choice(Protocol.class), "openai");
    String model = section.value("model", Kind.TEXT, name);
    Upstream upstream =
        new Upstream(
            url,
            protocol,
            model,
            section.optional("apiKeyFrom", Kind.VARIABLE_NAME).orElse(null),
            section.value("timeout", Kind.SPAN, "10s"),
            section.value("maxConcurrent", Kind.whole(1, 100_000), "32"),
            section.value("retries", Kind.whole(0, 10), "2"),
            section.value("version", Kind.TEXT, model));
    section.refuseOtherKeys();
    return upstream;
  }

  private Prices prices(Section section) {
    Prices prices =
        new Prices(
            section.value("region", Kind.NAME, "us-east-1"),
            section.values("files", Kind.TEXT).stream()
                .map(item -> folder.resolve(item.value()).normalize())
                .toList());
    section.refuseOtherKeys();
    return prices;
  }

  /** The book to check against; none when it cannot be read, which is then the thing to mend. */
  private Optional<PriceBook> book(Section section, Prices prices) {
    try {
      return Optional.of(PriceFile.merged(prices));
    } catch (ConfigException e) {
      problems.addAll(e);
    } catch (InvalidValueException e) {
      section.report("region", e.trouble(), e.fix());
    }
    return Optional.empty();
  }

  /** An id that has a price today. */
  private Kind<String> priceId(Optional<PriceBook> book) {
    return new Kind<>(id -> book.map(known -> known.price(id, today).id()).orElse(id), "price");
  }

  /** A price that needs no tokens, for what has none. */
  private Kind<String> tokenless(Optional<PriceBook> book) {
    return new Kind<>(
        id -> {
          if (book.isPresent() && book.get().price(id, today).tariff() instanceof Tariff.PerToken) {
            throw new InvalidValueException(
                "price",
                "'" + id + "' is per token, and feature vectors have none",
                "use a price per request, GB-second or instance hour");
          }
          return id;
        },
        "price");
  }

  private List<TaskConfig> tasks(Section root, LargeReader large, Kind<String> price) {
    List<TaskConfig> tasks = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (Section section : root.sections("tasks")) {
      TaskConfig task = task(section, large, price);
      refuseSecond(section, "name", lines);
      tasks.add(task);
    }
    return tasks;
  }

  private static TaskConfig task(Section section, LargeReader large, Kind<String> price) {
    String name = section.required("name", Kind.NAME);
    List<String> labels = labels(section);
    InputForm input = input(section);
    TaskConfig task =
        new TaskConfig(
            name,
            labels,
            input,
            contract(section.section("contract")),
            large.read(section.section("large"), labels, input),
            student(section.section("student"), price),
            cache(section.section("exactCache"), price),
            semanticCache(section, price, input),
            LearningReader.audit(section.section("audit")),
            section.value("whenLargeUnavailable", Kind.choice(Fallback.class), "reject"),
            section.value("whenBudgetExhausted", Kind.choice(Fallback.class), "reject"),
            LearningReader.corpus(section.section("corpus")),
            LearningReader.flywheel(section.section("flywheel")));
    section.refuseOtherKeys();
    return task;
  }

  private static List<String> labels(Section section) {
    List<Section.Item<Optional<Label>>> items = section.values("labels", LABEL);
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (Section.Item<Optional<Label>> item : items) {
      item.value()
          .ifPresent(label -> {
            Integer earlier = lines.putIfAbsent(label.value(), item.line());
            if (earlier != null) {
              section.report(
                  item.line(),
                  item.key(),
                  "'" + label + "' is there twice, first on line " + earlier,
                  "name each label once");
            }
          });
    }
    if (items.size() < 2) {
      section.report(
          "labels", "there are " + items.size() + " of them", "give at least two labels");
    }
    return List.copyOf(lines.keySet());
  }

  /** What inputs may be called in the file. */
  private enum Inputs {
    TEXT,
    FEATURES
  }

  private static InputForm input(Section section) {
    Inputs inputs = section.value("input", Kind.choice(Inputs.class), "text");
    Optional<Integer> dimensions = section.optional("dimensions", Kind.whole(1, MOST_DIMENSIONS));
    return switch (inputs) {
      case TEXT -> {
        boolean meant = section.written("input").orElse("text").equals("text");
        if (dimensions.isPresent() && meant) {
          section.report("dimensions", "a text has none", "leave it out, or set input to features");
        }
        yield new InputForm.Text();
      }
      case FEATURES -> {
        if (dimensions.isEmpty() && !section.has("dimensions")) {
          section.report(
              "dimensions", "it is missing", "say how many numbers a feature vector has");
        }
        yield new InputForm.Features(dimensions.orElse(1));
      }
    };
  }

  private static Contract contract(Section section) {
    Contract contract =
        new Contract(
            section.value("epsilon", Kind.OPEN_SHARE, "0.05"),
            section.value("delta", Kind.OPEN_SHARE, "0.05"),
            section.value("over", Kind.choice(Over.class), "all"),
            section.value("perTenant", Kind.YES_OR_NO, "false"));
    section.refuseOtherKeys();
    return contract;
  }

  private static StudentConfig student(Section section, Kind<String> price) {
    StudentConfig student = new StudentConfig(section.value("price", price, "box-student"));
    section.refuseOtherKeys();
    return student;
  }

  private static CacheConfig cache(Section section, Kind<String> price) {
    CacheConfig cache =
        new CacheConfig(
            section.value("price", price, "box-exact-cache"),
            section.value("timeToLive", Kind.SPAN, "24h"),
            section.value("maximumEntries", Kind.wholeLong(0, 1_000_000_000), "100000"));
    section.refuseOtherKeys();
    return cache;
  }

  private static SemanticCacheConfig semanticCache(
      Section task, Kind<String> price, InputForm input) {
    Section section = task.section("semanticCache");
    SemanticCacheConfig cache = semanticCache(section, price);
    if (cache.enabled() && !(input instanceof InputForm.Text)) {
      section.report("enabled", "only texts can mean the same", "set it to false for features");
    }
    return cache;
  }

  static SemanticCacheConfig semanticCache(Section section, Kind<String> price) {
    SemanticCacheConfig cache =
        new SemanticCacheConfig(
            section.value("enabled", Kind.YES_OR_NO, "false"),
            section.value("price", price, "box-semantic-cache"),
            section.value("timeToLive", Kind.SPAN, "24h"),
            section.value("maximumEntries", Kind.wholeLong(0, 1_000_000_000), "100000"));
    section.refuseOtherKeys();
    return cache;
  }

  private static void refuseSecond(Section section, String key, Map<String, Integer> lines) {
    section
        .written(key)
        .ifPresent(value -> {
          Integer earlier = lines.putIfAbsent(value, section.line());
          if (earlier != null) {
            section.report(
                key, "'" + value + "' is there twice, first on line " + earlier, "name each once");
          }
        });
  }
}
