package io.tierwise.gateway.console;

import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Instant;
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
  /** The gate of a task, or of a chat's router. */
  static GateThen of(LedgerEntry entry, GateStore gates, boolean chat) {
    boolean ofCache = chat && entry.answeredBy() == TierName.SEMANTIC_CACHE;
    return of(entry.task(), entry.at(), ofCache ? null : entry.certificate(), gates);
  }

  /** The gate of a chat's semantic cache. */
  static GateThen ofCache(LedgerEntry entry, GateStore gates) {
    boolean ofCache = entry.answeredBy() == TierName.SEMANTIC_CACHE;
    return of(
        ChatConfig.cacheName(entry.task()),
        entry.at(),
        ofCache ? entry.certificate() : null,
        gates);
  }

  private static GateThen of(
      String contract, Instant at, @Nullable String certificate, GateStore gates) {
    GateMove move =
        gates.history(contract).stream()
            .filter(each -> !each.at().isAfter(at))
            .reduce((earlier, later) -> later)
            .orElse(null);
    GateMove.Mode mode = move == null ? GateMove.Mode.OBSERVE : move.mode();
    String named = certificate != null ? certificate : move == null ? null : move.certificate();
    Optional<KeptCertificate> kept =
        named == null ? Optional.empty() : gates.certificate(contract, named);
    String artifact = move == null ? null : move.artifact();
    if (kept.isEmpty() && mode == GateMove.Mode.OBSERVE && artifact != null) {
      kept = gates.latestFor(contract, artifact).filter(found -> !found.at().isAfter(at));
    }
    return new GateThen(
        certificate != null ? GateMove.Mode.OPEN : mode,
        move == null ? "new task" : move.reason(),
        kept.orElse(null));
  }

  /** What a tier's candidate had to reach; empty where nothing did. */
  Optional<Confidence> threshold(TierName tier) {
    return switch (tier) {
      case EXACT_CACHE, LARGE -> Optional.empty();
      case SEMANTIC_CACHE, STUDENT, WEAK -> thresholds().of(tier);
    };
  }

  private Thresholds thresholds() {
    return certificate == null || mode == GateMove.Mode.SHUT
        ? Thresholds.NONE
        : certificate.certificate().thresholds();
  }
}
