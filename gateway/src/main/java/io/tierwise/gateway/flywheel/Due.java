package io.tierwise.gateway.flywheel;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.store.CorpusCount;
import io.tierwise.gateway.store.DriftStore;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.NamedDrift;
import io.tierwise.gateway.store.TrainingRun;
import io.tierwise.gateway.store.TrainingRuns;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a task's next training waits for.
 *
 * @param rows answers to train on, gathered since the last training or the alarm after it
 * @param rowsNeeded how many start the next
 * @param audits that may certify: those since the last alarm
 * @param auditsNeeded with fewer the next test can certify nothing
 * @param alarmed whether an alarm, or a drift that was named, came after the last training
 */
public record Due(int rows, int rowsNeeded, int audits, int auditsNeeded, boolean alarmed) {
  /** A run that was killed is made again at once, so often in a row. */
  private static final int MOST_KILLED = 3;

  /** Where it is known from. */
  public record Sources(
      GateStore gates, CorpusCount corpus, TrainingRuns runs, DriftStore drifts) {}

  public static Due of(TaskConfig config, Sources sources) {
    String task = config.name();
    Instant alarm = sources.gates().evidenceSince(task);
    Instant last = lastThatCounts(sources.runs().last(task, MOST_KILLED));
    Instant news = later(alarm, named(sources.drifts(), task));
    boolean alarmed = news.isAfter(last);
    return new Due(
        sources.corpus().count(task, false, alarmed ? news : last),
        alarmed ? config.flywheel().rowsAfterAlarm() : config.flywheel().newRows(),
        sources.corpus().count(task, true, alarm),
        config.contract().fewestSamples(sources.gates().testsSpent(task) + 1),
        alarmed);
  }

  private static Instant named(DriftStore drifts, String task) {
    return drifts.last(task, 1).stream().map(NamedDrift::at).findFirst().orElse(Instant.EPOCH);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant lastThatCounts(List<TrainingRun> newestFirst) {
    boolean allKilled =
        newestFirst.size() == MOST_KILLED
            && newestFirst.stream().allMatch(run -> run.outcome() == TrainingRun.Outcome.KILLED);
    return newestFirst.stream()
        .filter(run -> allKilled || run.outcome() != TrainingRun.Outcome.KILLED)
        .findFirst()
        .map(TrainingRun::startedAt)
        .orElse(Instant.EPOCH);
  }

  /** Why a training is to be started now; empty while one is not. */
  public Optional<String> reason() {
    if (rows < rowsNeeded || audits < auditsNeeded) {
      return Optional.empty();
    }
    String gathered = rows + " answers and " + audits + " audits gathered";
    return Optional.of(
        alarmed ? "an alarm or a named drift, and " + gathered + " since" : gathered);
  }
}
