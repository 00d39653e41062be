package io.tierwise.gateway.doctor;

import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig.Prices;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What each task needs: its student, its gate, its prices. */
final class TaskChecks {
  private TaskChecks() {}

  static Finding student(TaskConfig task, Path data, Clock clock) {
    String what = "student of " + task.name();
    if (!Files.isDirectory(data.resolve("registry"))) {
      return Finding.ok(what, "none yet; the large model answers");
    }
    try {
      Optional<Artifact> live =
          new DirectoryRegistry(data.resolve("registry"), clock)
              .resolve(task.name(), Registry.LIVE);
      if (live.isEmpty()) {
        return Finding.ok(what, "none yet; the large model answers");
      }
      return loaded(what, task, live.get(), data, clock);
    } catch (IOException | InvalidValueException | StoreException e) {
      return Finding.fail(
          what,
          "the live artifact cannot be used: " + e.getMessage(),
          "publish it again, or an earlier one: tierwise distill publish");
    }
  }

  private static Finding loaded(String what, TaskConfig task, Artifact live, Path data, Clock clock)
      throws IOException {
    String version = live.manifest().version();
    if (!new HashSet<>(task.labels()).equals(new HashSet<>(live.manifest().labels()))) {
      return Finding.fail(
          what,
          version + " was trained for other labels: " + live.manifest().labels(),
          "distil one for the task's labels, or put the labels back");
    }
    try (Student student = Student.load(live)) {
      if (!student.reads(task.input().sample())) {
        return Finding.fail(
            what,
            version + " reads " + live.manifest().featurizer() + ", the task " + task.input(),
            "distil one on the task's own inputs, or correct the task's input");
      }
    }
    if (!Files.exists(data.resolve(Database.FILE))) {
      return Finding.warn(
          what, version + " loads, but there is no database with its gate", certify(task));
    }
    try (Database database = Database.open(data)) {
      GateState state = new GateStore(database, clock).state(task.name(), version);
      return switch (state.gate()) {
        case Gate.Open open when version.equals(state.artifact()) ->
            Finding.ok(what, version + " loads, and its gate is open");
        case Gate.Open open ->
            Finding.fail(
                what,
                "the gate is open for " + state.artifact() + ", but " + version + " is live",
                certify(task));
        case Gate.Observe observe ->
            Finding.ok(what, version + " loads and is only observed: " + state.reason());
        case Gate.Shut shut ->
            Finding.warn(
                what, version + " loads, but its gate is shut: " + shut.reason(), certify(task));
      };
    }
  }

  private static String certify(TaskConfig task) {
    return "certify it (tierwise distill certify) and open it (tierwise gate "
        + task.name()
        + " open)";
  }

  static Finding prices(TaskConfig task, Prices prices, Clock clock) {
    String what = "prices of " + task.name();
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    Set<String> ids = new LinkedHashSet<>();
    ids.add(task.large().price());
    ids.add(task.student().price());
    ids.add(task.exactCache().price());
    try {
      PriceBook book = PriceFile.merged(prices);
      ids.forEach(id -> book.price(id, today));
      return Finding.ok(what, String.join(", ", ids) + " hold today");
    } catch (InvalidValueException e) {
      return Finding.fail(what, e.trouble(), e.fix());
    } catch (ConfigException e) {
      return Finding.fail(what, String.valueOf(e.getMessage()), "mend the price file");
    }
  }
}
