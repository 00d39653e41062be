package io.tierwise.gateway.flywheel;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.store.TrainingRun;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every task that wants it learning: starts a training when enough answers have gathered,
 * puts its student on trial, and makes it live. Trouble with one task is logged and tried again at
 * the next turn; it never touches what serves.
 */
public final class Flywheel implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Flywheel.class.getName());

  private final Places places;
  private final TrainingJobs jobs;
  private final Map<String, Begun> begun = new HashMap<>();
  private final Map<String, String> troubles = new HashMap<>();

  /**
   * What it works on.
   *
   * @param data the data directory
   */
  public record Places(
      Due.Sources sources, Registry registry, WatchStore watches, Path data, Clock clock) {}

  private record Begun(TrainingJobs.Job job, Instant at, String reason) {}

  public Flywheel(Places places, TrainingJobs jobs) {
    this.places = places;
    this.jobs = jobs;
  }

  /** Makes each task's next step. */
  public synchronized void turn(List<TaskConfig> tasks) {
    for (TaskConfig task : tasks) {
      if (task.flywheel().enabled()) {
        turn(task);
      }
    }
  }

  private void turn(TaskConfig task) {
    String name = task.name();
    try {
      boolean onTrial = promote(task);
      if (!trains(name) && !onTrial && !places.sources().gates().held(name)) {
        Optional<String> reason = Due.of(task, places.sources()).reason();
        if (reason.isPresent()) {
          start(name, reason.get());
        }
      }
      troubles.remove(name);
    } catch (IOException | StoreException | InvalidValueException e) {
      String words = Objects.toString(e.getMessage(), e.getClass().getName());
      if (!words.equals(troubles.put(name, words))) {
        LOG.log(System.Logger.Level.ERROR, "the flywheel of " + name + " stands: " + words, e);
      }
    }
  }

  private boolean promote(TaskConfig task) throws IOException {
    Promotion.Turn turn =
        new Promotion(task, places.registry(), places.sources().gates(), places.watches()).turn();
    turn.move().ifPresent(move -> LOG.log(System.Logger.Level.INFO, task.name() + ": " + move));
    return turn.running();
  }

  /** Whether a job is under way, of this process or one that outlived its parent. */
  private boolean trains(String task) throws IOException {
    Begun mine = begun.get(task);
    if (mine != null && mine.job().running()) {
      return true;
    }
    if (TaskLock.held(places.data(), task)) {
      return true;
    }
    places.sources().runs().settleKilled(task);
    begun.remove(task);
    noteSilentEnd(task, mine);
    return false;
  }

  /**
   * A job that could not even say that it began is a failed run, or it would be started for ever.
   */
  private void noteSilentEnd(String task, @Nullable Begun mine) {
    if (mine == null) {
      return;
    }
    boolean said =
        places
            .sources()
            .runs()
            .last(task)
            .filter(run -> !run.startedAt().isBefore(mine.at()))
            .isPresent();
    if (!said) {
      long run = places.sources().runs().begin(task, mine.reason());
      places
          .sources()
          .runs()
          .end(run, TrainingRun.Outcome.FAILED, "the job did not start; its log says why", null);
    }
  }

  private void start(String task, String reason) throws IOException {
    LOG.log(System.Logger.Level.INFO, task + ": a training starts: " + reason);
    Instant now = Instant.ofEpochMilli(places.clock().millis());
    begun.put(task, new Begun(jobs.start(task, reason), now, reason));
  }

  /** Ends its jobs; they are made again after the next start. */
  @Override
  public synchronized void close() {
    begun.values().forEach(each -> each.job().stop());
  }
}
