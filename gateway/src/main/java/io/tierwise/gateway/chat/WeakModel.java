package io.tierwise.gateway.chat;

import io.tierwise.gateway.learning.ContractWatch;
import io.tierwise.gateway.learning.GateOpening;
import io.tierwise.gateway.store.StoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of a chat's cheaper models, with the router that says where it will do.
 *
 * @param audits of the router
 * @param watch over what was promised of it
 * @param opening of its gate, by audits that certify a live router; null where another process does
 */
public record WeakModel(
    ChatUpstream upstream,
    ChatGate gate,
    ChatAudits audits,
    ContractWatch watch,
    @Nullable GateOpening opening) {
  private static final System.Logger LOG = System.getLogger(WeakModel.class.getName());

  /** Looks at once what the audits say and what other processes have moved. */
  void refresh() {
    try {
      watch.look(Optional.empty());
      gate.refresh();
      Optional<String> found =
          opening == null ? Optional.empty() : gate.router().flatMap(opening::look);
      found.ifPresent(words -> {
        LOG.log(System.Logger.Level.INFO, "a chat's router: " + words);
        gate.refresh();
      });
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the audits of a chat wait unread", e);
      gate.refresh();
    }
  }
}
