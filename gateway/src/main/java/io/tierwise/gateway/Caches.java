package io.tierwise.gateway;

import io.tierwise.gateway.tier.ExactCacheTier;
import io.tierwise.gateway.tier.SemanticCacheTier;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.References;
import org.jspecify.annotations.Nullable;

/**
 * A task's caches, which learn of every answer the large model gives.
 *
 * @param semantic null where the task has none
 */
record Caches(ExactCacheTier exact, @Nullable SemanticCacheTier semantic) implements References {
  @Override
  public void observe(Reference reference) {
    exact.observe(reference);
    if (semantic != null) {
      semantic.observe(reference);
    }
  }

  /** Forgets what is not to be kept any longer. */
  void tidy() {
    if (semantic != null) {
      semantic.prune();
    }
  }
}
