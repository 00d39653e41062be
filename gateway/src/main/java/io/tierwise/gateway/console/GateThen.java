package io.tierwise.gateway.console;

import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gate that a request met, read from the history of its moves: the ledger keeps no thresholds.
 * A gateway follows a move within two seconds, so a request of that moment may have met the one
 * before; the certificate that an entry names counts before the history.
 *
 * @param mode observe where the task was never moved before
 * @param certificate whose thresholds were in force, or would have been; null when there was none
 */
record GateThen(GateMove.Mode mode, String reason, @Nullable KeptCertificate certificate) {
  static GateThen of(LedgerEntry entry, GateStore gates) {
    GateMove move =
        gates.history(entry.task()).stream()
            .filter(each -> !each.at().isAfter(entry.at()))
            .reduce((earlier, later) -> later)
            .orElse(null);
    GateMove.Mode mode = move == null ? GateMove.Mode.OBSERVE : move.mode();
    String named =
        entry.certificate() != null
            ? entry.certificate()
            : move == null ? null : move.certificate();
    Optional<KeptCertificate> kept =
        named == null ? Optional.empty() : gates.certificate(entry.task(), named);
    String artifact = move == null ? null : move.artifact();
    if (kept.isEmpty() && mode == GateMove.Mode.OBSERVE && artifact != null) {
      kept =
          gates.latestFor(entry.task(), artifact).filter(found -> !found.at().isAfter(entry.at()));
    }
    return new GateThen(
        entry.certificate() != null ? GateMove.Mode.OPEN : mode,
        move == null ? "new task" : move.reason(),
        kept.orElse(null));
  }

  /** What a tier's candidate had to reach; empty where nothing did. */
  Optional<Confidence> threshold(TierName tier) {
    return switch (tier) {
      case EXACT_CACHE, LARGE -> Optional.empty();
      case SEMANTIC_CACHE, STUDENT, SECOND_STUDENT, WEAK -> thresholds().of(tier);
    };
  }

  private Thresholds thresholds() {
    return certificate == null || mode == GateMove.Mode.SHUT
        ? Thresholds.NONE
        : certificate.certificate().thresholds();
  }
}
