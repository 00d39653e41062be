package io.tierwise.gateway.console;

import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.ledger.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gate that a request met, read from the history of its moves: the ledger keeps no thresholds.
 * A gateway follows a move within two seconds, so a request of that moment may have met the one
 * before; the certificate that an entry names counts before the history.
 *
 * @param mode observe where the task was never moved before
 * @param certificate whose thresholds were in force, or would have been; null when there was none
 * @param alone whether it was the only one: a chat of several weak models has a gate for each
 */
record GateThen(
    GateMove.Mode mode, String reason, @Nullable KeptCertificate certificate, boolean alone) {
  /**
   * The gate under whose certificate the request was answered; else one that was open.
   *
   * @param names whose gates it met, at least one: its task's, or those of its chat's routers
   */
  static GateThen of(LedgerEntry entry, GateStore gates, List<String> names) {
    return of(entry.at(), entry.certificate(), gates, names);
  }

  /**
   * The same for one who is told what the request was answered under.
   *
   * @param answeredUnder null where it is no certificate of these names
   */
  static GateThen of(
      Instant at, @Nullable String answeredUnder, GateStore gates, List<String> names) {
    List<GateThen> met =
        names.stream().map(name -> of(at, answeredUnder, gates, name, names.size() == 1)).toList();
    return met.stream()
        .filter(each -> each.under(answeredUnder))
        .findFirst()
        .or(() -> met.stream().filter(each -> each.mode() == GateMove.Mode.OPEN).findFirst())
        .orElse(met.getFirst());
  }

  private boolean under(@Nullable String id) {
    return certificate != null && certificate.id().equals(id);
  }

  private static GateThen of(
      Instant at, @Nullable String answeredUnder, GateStore gates, String name, boolean alone) {
    GateMove move =
        gates.history(name).stream()
            .filter(each -> !each.at().isAfter(at))
            .reduce((earlier, later) -> later)
            .orElse(null);
    GateMove.Mode mode = move == null ? GateMove.Mode.OBSERVE : move.mode();
    String named = answeredUnder != null ? answeredUnder : move == null ? null : move.certificate();
    Optional<KeptCertificate> kept =
        named == null ? Optional.empty() : gates.certificate(name, named);
    String artifact = move == null ? null : move.artifact();
    if (kept.isEmpty() && mode == GateMove.Mode.OBSERVE && artifact != null) {
      kept = gates.latestFor(name, artifact).filter(found -> !found.at().isAfter(at));
    }
    return new GateThen(
        answeredUnder != null ? GateMove.Mode.OPEN : mode,
        move == null ? "new task" : move.reason(),
        kept.orElse(null),
        alone);
  }

  /**
   * What an attempt's candidate had to reach; empty where nothing did. The ledger does not say
   * which of several routers passed a weak model on.
   */
  Optional<Confidence> threshold(LedgerEntry.Line line) {
    return switch (line.tier()) {
      case EXACT_CACHE, LARGE -> Optional.empty();
      case SEMANTIC_CACHE, STUDENT, SECOND_STUDENT -> thresholds().of(line.tier());
      case WEAK ->
          alone || line.verdict() == Verdict.ACCEPTED
              ? thresholds().of(line.tier())
              : Optional.empty();
    };
  }

  private Thresholds thresholds() {
    return certificate == null || mode == GateMove.Mode.SHUT
        ? Thresholds.NONE
        : certificate.certificate().thresholds();
  }
}
