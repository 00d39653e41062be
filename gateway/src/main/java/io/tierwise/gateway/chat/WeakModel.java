package io.tierwise.gateway.chat;

import io.tierwise.gateway.learning.ContractWatch;
import io.tierwise.gateway.store.StoreException;
import java.util.Optional;

/**
 * One of a chat's cheaper models, with the router that says where it will do.
 *
 * @param audits of the router
 * @param watch over what was promised of it
 */
public record WeakModel(
    ChatUpstream upstream, ChatGate gate, ChatAudits audits, ContractWatch watch) {
  private static final System.Logger LOG = System.getLogger(WeakModel.class.getName());

  /** Looks at once what the audits say and what other processes have moved. */
  void refresh() {
    try {
      watch.look(Optional.empty());
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the audits of a chat wait unread", e);
    }
    gate.refresh();
  }
}
