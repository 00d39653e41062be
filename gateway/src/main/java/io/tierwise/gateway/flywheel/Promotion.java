package io.tierwise.gateway.flywheel;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.Watch;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.contract.Gate;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.util.Optional;

/**
 * Takes one task's student from its trial to live, or withdraws it. Every turn looks at what is
 * stored and makes the next step only, so a turn cut short anywhere is finished by a later one, and
 * until then the gate is shut for whatever its certificate does not name.
 */
public final class Promotion {
  private final TaskConfig config;
  private final String task;
  private final Registry registry;
  private final GateStore gates;
  private final WatchStore watches;

  public Promotion(TaskConfig config, Registry registry, GateStore gates, WatchStore watches) {
    this.config = config;
    this.task = config.name();
    this.registry = registry;
    this.gates = gates;
    this.watches = watches;
  }

  /**
   * Where a task's student on trial stands.
   *
   * @param running whether one answers its share
   * @param move what was moved in this turn, for people; empty for nothing
   */
  public record Turn(boolean running, Optional<String> move) {
    static final Turn NOTHING = new Turn(false, Optional.empty());
  }

  /** Makes the next step. */
  public Turn turn() throws IOException {
    Optional<String> live = version(Registry.LIVE);
    Optional<String> canary = version(Registry.CANARY);
    if (canary.isEmpty() || gates.held(task)) {
      return Turn.NOTHING;
    }
    if (canary.equals(live)) {
      return finish(canary.get());
    }
    Optional<KeptCertificate> kept = gates.usableOnTrial(task, canary.get(), config.contract());
    return kept.isEmpty()
        ? withdraw(live, canary.get() + " has no certificate that holds now")
        : judge(live, kept.get());
  }

  private Turn judge(Optional<String> live, KeptCertificate kept) throws IOException {
    Optional<Watch> watch = watches.trial(task, kept.id());
    long audits = watch.map(Watch::audits).orElse(0L);
    long lost = watch.map(Watch::lost).orElse(0L);
    String words = "%d of %d audits lost under %s".formatted(lost, audits, kept.id());
    if (watch.isPresent() && watch.get().monitor().rang()) {
      return withdraw(live, kept.artifact() + " failed its trial: " + words);
    }
    if (audits < config.flywheel().canaryAudits()) {
      return new Turn(true, Optional.empty());
    }
    String reason = "stood its trial: " + words;
    registry.point(task, Registry.LIVE, kept.artifact(), reason);
    gates.open(task, kept.artifact(), kept.id(), reason);
    return moved(kept.artifact() + " is live: it " + reason);
  }

  /** The registry was moved and the gate was not: a process has ended in between. */
  private Turn finish(String live) {
    boolean open =
        gates.state(task).gate() instanceof Gate.Open && live.equals(gates.state(task).artifact());
    Optional<KeptCertificate> kept = gates.usableOnTrial(task, live, config.contract());
    if (open || kept.isEmpty()) {
      return Turn.NOTHING;
    }
    gates.open(task, live, kept.get().id(), "its promotion was cut short after the registry");
    return moved("the gate is open for " + live + ", whose promotion was cut short");
  }

  /**
   * A canary that is the live one is none; before there is a live one, its certificate is enough.
   */
  private Turn withdraw(Optional<String> live, String reason) throws IOException {
    if (live.isEmpty()) {
      return Turn.NOTHING;
    }
    registry.point(task, Registry.CANARY, live.get(), "withdrawn: " + reason);
    return moved("withdrawn: " + reason);
  }

  private static Turn moved(String words) {
    return new Turn(false, Optional.of(words));
  }

  private Optional<String> version(String alias) throws IOException {
    return registry.resolve(task, alias).map(artifact -> artifact.manifest().version());
  }
}
