package io.tierwise.gateway.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.contract.ContractRenderer;
import io.tierwise.gateway.contract.ContractStatus;
import io.tierwise.gateway.ledger.LedgerPast;
import io.tierwise.gateway.ledger.LedgerSearch;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.Version;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Standing;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.student.registry.CuratedRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the console's page asks of a gateway. Its figures come from a fold that a thread of its own
 * begins at start, newest entries first, and that every further entry is added to; so a long ledger
 * keeps nobody waiting.
 */
public final class Console implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Console.class.getName());

  private final Sources sources;
  private final RollingFigures figures;
  private final LedgerSearch search;
  private final Thread reader;
  private volatile boolean closed;
  private volatile Pace pace = new Pace(0, 1, null);

  /**
   * Where the rest is asked.
   *
   * @param tasks how every configured task's contract stands
   * @param routers of a chat, by its name; none for a task
   * @param breakers the state of the circuit breaker before each upstream
   */
  public record Sources(
      Supplier<List<ContractStatus>> tasks,
      Function<String, List<String>> routers,
      Supplier<List<Standing>> budgets,
      Supplier<Map<String, String>> breakers,
      CuratedRegistry registry,
      GateStore gates,
      Instant since,
      Clock clock) {}

  /** How far the reading of the past is. */
  private record Pace(int read, int of, @Nullable String trouble) {
    boolean done() {
      return read >= of;
    }
  }

  private Console(Sources sources, RollingFigures figures, Path ledger, LedgerPast past) {
    this.sources = sources;
    this.figures = figures;
    this.search = new LedgerSearch(ledger);
    this.reader = Thread.ofPlatform().daemon().name("console-reader").unstarted(() -> read(past));
  }

  /**
   * Follows a ledger from now on and reads what was before.
   *
   * @param directory of the ledger's segments
   */
  public static Console of(SegmentLedger ledger, Path directory, Sources sources) {
    RollingFigures figures = new RollingFigures(sources.clock());
    LedgerPast past = ledger.follow(figures::add);
    Console console = new Console(sources, figures, directory, past);
    console.reader.start();
    return console;
  }

  private void read(LedgerPast past) {
    try {
      past.read(
          figures.from(),
          figures::add,
          (read, of) -> pace = new Pace(read, of, null),
          () -> closed);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the console shows only a part of the ledger", e);
      pace = new Pace(pace.read(), pace.of(), "the ledger cannot be read; see the log");
    }
  }

  /** Everything of the overview. Amounts are as {@link Figures} has them. */
  public ObjectNode overview(Span span) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    Pace now = pace;
    root.put("version", Version.CURRENT);
    root.put("now", sources.clock().instant().toString());
    root.put("since", sources.since().toString());
    ObjectNode reading = root.putObject("reading");
    reading.put("done", now.done());
    reading.put("segments", now.read()).put("of", now.of());
    reading.put("trouble", now.trouble());
    RollingFigures.View view = figures.view(span);
    root.put("span", span.text());
    root.put("from", view.from().toString());
    root.put("step", span == Span.HOURS_48 ? "hour" : "day");
    root.set("total", slot(view.total()));
    ArrayNode slots = root.putArray("slots");
    view.slots().forEach((at, slot) -> slots.add(slot(slot).put("at", at.toString())));
    tasks(root.putArray("tasks"), view.total());
    budgets(root.putArray("budgets"));
    ArrayNode upstreams = root.putArray("upstreams");
    sources
        .breakers()
        .get()
        .forEach((name, state) -> upstreams.addObject().put("name", name).put("breaker", state));
    ArrayNode latest = root.putArray("latest");
    figures.latest().forEach(entry -> latest.add(DecisionView.summary(entry)));
    return root;
  }

  private static ObjectNode slot(Slot slot) {
    ObjectNode node = Figures.json(slot.total());
    ObjectNode tiers = node.putObject("tiers");
    slot.tiers().forEach(tiers::put);
    return node;
  }

  private void tasks(ArrayNode tasks, Slot total) {
    Map<String, CostReport.Row> rows = total.tasks();
    List<ContractStatus> configured = sources.tasks().get();
    for (ContractStatus status : configured) {
      ObjectNode node = task(status.task(), rows.get(status.task()), total);
      node.set("contract", ContractRenderer.json(status));
      node.set("artifacts", artifacts(status.task()));
      tasks.add(node);
    }
    List<String> names = configured.stream().map(ContractStatus::task).toList();
    rows.forEach((name, row) -> {
      if (!names.contains(name)) {
        tasks.add(task(name, row, total).putNull("contract").putNull("artifacts"));
      }
    });
  }

  private static ObjectNode task(String name, CostReport.@Nullable Row row, Slot total) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("task", name);
    node.set("figures", Figures.json(row == null ? new Slot().total() : row));
    Latencies took = total.took(name);
    ObjectNode latency = node.putObject("latency_ms");
    if (took.count() > 0) {
      latency.put("p50", DecisionView.millis(took.quantile(0.5)));
      latency.put("p95", DecisionView.millis(took.quantile(0.95)));
      latency.put("longest", DecisionView.millis(took.longest()));
    }
    return node;
  }

  private ObjectNode artifacts(String task) {
    try {
      return ArtifactsView.json(sources.registry(), task);
    } catch (IOException e) {
      throw new UncheckedIOException("the registry cannot be read", e);
    }
  }

  private void budgets(ArrayNode budgets) {
    for (Standing standing : sources.budgets().get()) {
      ObjectNode node = budgets.addObject();
      node.put("scope", standing.limit().scope().text());
      node.put("measure", standing.limit().measure().text());
      node.put("period", standing.limit().period().text());
      Measure measure = standing.limit().measure();
      node.set("limit", Figures.counted(measure, standing.limit().amount()));
      node.set("spent", Figures.counted(measure, standing.spent()));
      node.set("reserved", Figures.counted(measure, standing.reserved()));
      node.set("lapsed", Figures.counted(measure, standing.lapsed()));
      node.put("share", Figures.share(standing.taken(), standing.limit().amount()));
      node.put("soft", standing.limit().softened(standing.taken()));
      node.put("exhausted", standing.taken().compareTo(standing.limit().amount()) >= 0);
      node.put("resets_at", standing.resetsAt().toString());
    }
  }

  /** One request's decision; empty when the ledger has none of this id. */
  public Optional<ObjectNode> decision(String requestId) {
    List<LedgerEntry> entries = search.entries(requestId);
    List<LedgerEntry> audits =
        entries.stream().filter(each -> each.purpose() == LedgerEntry.Purpose.AUDIT).toList();
    return entries.stream()
        .filter(each -> each.purpose() == LedgerEntry.Purpose.SERVE)
        .findFirst()
        .map(entry -> {
          List<String> routers = sources.routers().apply(entry.task());
          return DecisionView.json(entry, audits, GatesThen.of(entry, sources.gates(), routers));
        });
  }

  /** Reads no further; what is under way ends by itself. */
  @Override
  public void close() {
    closed = true;
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
