package io.tierwise.gateway.console;

import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gates that a request met. A task's tiers have one gate; a chat's semantic cache has another
 * one than its routers.
 *
 * @param chat whether it was free text between models
 */
record GatesThen(GateThen gate, GateThen cache, boolean chat) {
  /**
   * @param routers of the chat; none for a task
   */
  static GatesThen of(LedgerEntry entry, GateStore gates, List<String> routers) {
    if (routers.isEmpty()) {
      GateThen gate = GateThen.of(entry, gates, List.of(entry.task()));
      return new GatesThen(gate, gate, false);
    }
    boolean byCache = entry.answeredBy() == TierName.SEMANTIC_CACHE;
    String certificate = entry.certificate();
    List<String> cache = List.of(ChatConfig.cacheName(entry.task()));
    return new GatesThen(
        GateThen.of(entry.at(), byCache ? null : certificate, gates, routers),
        GateThen.of(entry.at(), byCache ? certificate : null, gates, cache),
        true);
  }

  /** The one that a tier's candidates met; of no tier, that of the models. */
  GateThen of(@Nullable TierName tier) {
    return tier == TierName.SEMANTIC_CACHE ? cache : gate;
  }
}
