package io.tierwise.gateway.chat;

import io.tierwise.gateway.learning.ContractWatch;
import io.tierwise.gateway.learning.GateOpening;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one of a chat's cheap answerers is held to: its part of the contract, the watch over it, and
 * the gate that audits open.
 *
 * @param name under which it is certified
 * @param terms the whole contract divided by the number of those who share it
 * @param opening of its gate, by audits made in shadow; null where another process does
 */
public record ChatContract(
    String name,
    Contract terms,
    GateStore gates,
    ContractWatch watch,
    @Nullable GateOpening opening) {
  private static final System.Logger LOG = System.getLogger(ChatContract.class.getName());

  /**
   * Looks at what the audits say and what other processes have moved.
   *
   * @param artifact the version of what answers now; null for nothing
   * @return the gate for it: open only under a certificate of this very artifact that implies the
   *     terms
   */
  Gate look(@Nullable String artifact) {
    try {
      watch.look(Optional.empty());
      if (opening != null && artifact != null) {
        opening
            .look(artifact)
            .ifPresent(words -> LOG.log(System.Logger.Level.INFO, name + ": " + words));
      }
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the audits of " + name + " wait unread", e);
    }
    try {
      GateState state = gates.state(name);
      boolean certified =
          artifact != null
              && artifact.equals(state.artifact())
              && state.gate() instanceof Gate.Open open
              && strictEnough(open.certificate());
      return certified ? state.gate() : new Gate.Shut("no certificate for what is live");
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the gate of " + name + " cannot be read", e);
      return new Gate.Shut("its state cannot be read");
    }
  }

  private boolean strictEnough(String certificate) {
    return gates
        .certificate(name, certificate)
        .filter(kept -> kept.certificate().contract().implies(terms))
        .isPresent();
  }
}
