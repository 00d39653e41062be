package io.tierwise.gateway;

import io.tierwise.router.contract.Gate;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.student.model.Predictor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one task's requests are routed by at one moment. A request sees one of these from its
 * beginning to its end, so a gate never judges another artifact's candidates.
 *
 * @param loaded the live student; null when there is none
 * @param gate open only under a certificate of {@code loaded}
 */
record LiveState(@Nullable Predictor loaded, Gate gate, AcceptanceRates rates) {
  Optional<Predictor> student() {
    return Optional.ofNullable(loaded);
  }

  /** The live student's version. */
  Optional<String> artifact() {
    return student().map(Predictor::version);
  }
}
