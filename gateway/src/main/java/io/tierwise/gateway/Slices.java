package io.tierwise.gateway;

import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.Slice;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gates of a task whose contract is to hold for every tenant by itself. Where the task's gate
 * is open, a tenant's is open under the tenant's own certificate, and shut where there is none: the
 * large model answers until there are audits enough. Each is watched by its own audits.
 */
final class Slices {
  private final String task;
  private final Contract contract;
  private final Evidence evidence;
  private volatile Map<String, Map<String, Gate>> byArtifact = Map.of();

  /** Where they are known from. */
  record Evidence(GateStore gates, WatchStore watches, SliceStore slices) {}

  Slices(String task, Contract contract, Evidence evidence) {
    this.task = task;
    this.contract = contract;
    this.evidence = evidence;
  }

  void refresh(List<String> artifacts) {
    Instant alarm = evidence.gates().lastAlarm(task).map(Alarm::at).orElse(Instant.EPOCH);
    Map<String, Map<String, Gate>> next = new HashMap<>();
    for (String artifact : artifacts) {
      Map<String, Gate> gates = new HashMap<>();
      for (Slice slice : evidence.slices().of(task, artifact)) {
        gates.put(slice.tenant(), gate(slice, alarm));
      }
      next.put(artifact, gates);
    }
    byArtifact = next;
  }

  private Gate gate(Slice slice, Instant alarm) {
    String id = slice.certificate();
    if (id == null) {
      return new Gate.Shut(
          "%s has %d audits of its own, of which %d are needed: %s"
              .formatted(slice.tenant(), slice.samples(), slice.needed(), slice.reason()));
    }
    Optional<KeptCertificate> kept =
        evidence
            .gates()
            .certificate(task, id)
            .filter(each -> each.at().isAfter(alarm))
            .filter(each -> each.certificate().contract().implies(contract));
    if (kept.isEmpty()) {
      return new Gate.Shut(slice.tenant() + "'s certificate holds no longer");
    }
    boolean rang =
        evidence.watches().trial(task, id).filter(watch -> watch.monitor().rang()).isPresent();
    return rang
        ? new Gate.Shut(slice.tenant() + "'s own audits speak against its certificate")
        : new Gate.Open(kept.get().certificate().thresholds(), id);
  }

  /**
   * What a tenant's request is routed by, of what the task's are.
   *
   * @param live the live artifact; another one is on trial, and its audits count for the trial
   */
  LiveState of(LiveState state, Optional<String> live, Tenant tenant) {
    if (!(state.gate() instanceof Gate.Open whole)) {
      return state;
    }
    Gate own =
        byArtifact
            .getOrDefault(state.artifact().orElse(""), Map.of())
            .getOrDefault(
                tenant.name(), new Gate.Shut("no audits of " + tenant + " were certified on"));
    boolean onTrial = !state.artifact().equals(live);
    Gate gate =
        onTrial && own instanceof Gate.Open open
            ? new Gate.Open(open.thresholds(), whole.certificate())
            : own;
    return new LiveState(state.loaded(), gate, state.rates());
  }
}
