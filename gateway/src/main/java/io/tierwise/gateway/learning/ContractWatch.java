package io.tierwise.gateway.learning;

import io.tierwise.gateway.flywheel.Promotion;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.store.Watch;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Contract;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Looks after one task's contract as its process is to, and says aloud when it is broken. */
public final class ContractWatch {
  private static final System.Logger LOG = System.getLogger(ContractWatch.class.getName());

  private final String task;
  private final WatchStore watches;
  private final GateOpening opening;
  private final GateDuty duty;
  private final @Nullable Promotion trials;
  private final Metrics metrics;
  private final AtomicReference<Double> evidence = new AtomicReference<>(Double.NaN);

  /**
   * @param trials of the task's students, for whose duty that is; null for none
   */
  public ContractWatch(
      String task,
      Contract contract,
      ContractStores stores,
      GateDuty duty,
      @Nullable Promotion trials,
      Metrics metrics) {
    this.task = task;
    this.watches = stores.watches();
    this.opening = new GateOpening(task, contract, stores);
    this.duty = duty;
    this.trials = trials;
    this.metrics = metrics;
    if (duty != GateDuty.FOLLOW) {
      metrics.contractEvidence(task, evidence::get);
    }
  }

  /**
   * Folds in the audits made since the last look; shuts the gate when they ring, opens it when they
   * certify, and ends the trial of a student that stood or failed it.
   *
   * @param live the live student's version
   */
  public void look(Optional<String> live) {
    switch (duty) {
      case FOLLOW -> {}
      case WATCH -> fold();
      case WATCH_AND_OPEN -> {
        fold();
        live.flatMap(opening::look).ifPresent(this::say);
        promote();
      }
    }
  }

  private void promote() {
    if (trials == null) {
      return;
    }
    try {
      trials.turn().move().ifPresent(this::say);
    } catch (IOException | InvalidValueException e) {
      LOG.log(System.Logger.Level.ERROR, "the trial of " + task + " stands", e);
    }
  }

  private void say(String found) {
    LOG.log(System.Logger.Level.INFO, task + ": " + found);
  }

  private void fold() {
    WatchStore.Look look = watches.look(task);
    evidence.set(look.watch().map(Watch::monitor).map(each -> each.evidence()).orElse(Double.NaN));
    look.alarm().ifPresent(this::sound);
  }

  private void sound(Alarm alarm) {
    metrics.alarmed(task);
    LOG.log(
        System.Logger.Level.ERROR,
        String.format(
            Locale.ROOT,
            "ALARM: the contract of %s is broken: %d of %d audits lost under %s (evidence %.1f);"
                + " its gate is shut, the large model answers. Certify a student on audits made"
                + " from now on.",
            alarm.task(),
            alarm.lost(),
            alarm.audits(),
            alarm.certificate(),
            alarm.evidence()));
  }
}
