package io.tierwise.gateway.flywheel;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.TrainingRun;
import io.tierwise.gateway.store.Watch;
import io.tierwise.gateway.store.WatchStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a task's flywheel stands.
 *
 * @param onTrial the certificate of the student on trial; null when there is none
 * @param trialAudits how many audits it has stood
 * @param trialNeeded how many it must
 * @param lastRun null before the first
 * @param lastTrouble the last run that failed or was killed; null when none did
 */
public record FlywheelStatus(
    boolean enabled,
    Due due,
    @Nullable KeptCertificate onTrial,
    long trialAudits,
    int trialNeeded,
    @Nullable TrainingRun lastRun,
    @Nullable TrainingRun lastTrouble) {
  public static FlywheelStatus of(TaskConfig config, Due.Sources sources, WatchStore watches) {
    String task = config.name();
    Optional<KeptCertificate> kept =
        sources
            .runs()
            .last(task)
            .map(TrainingRun::artifact)
            .flatMap(artifact -> onTrial(config, artifact, sources.gates()));
    Optional<Watch> watch = kept.flatMap(each -> watches.watch(task, each.id()));
    boolean failed = watch.filter(each -> each.monitor().rang()).isPresent();
    return new FlywheelStatus(
        config.flywheel().enabled(),
        Due.of(config, sources),
        failed ? null : kept.orElse(null),
        watch.map(Watch::audits).orElse(0L),
        config.flywheel().canaryAudits(),
        sources.runs().last(task).orElse(null),
        sources.runs().lastTrouble(task).orElse(null));
  }

  private static Optional<KeptCertificate> onTrial(
      TaskConfig config, String artifact, GateStore gates) {
    return gates.held(config.name())
        ? Optional.empty()
        : gates.usableOnTrial(config.name(), artifact, config.contract());
  }
}
