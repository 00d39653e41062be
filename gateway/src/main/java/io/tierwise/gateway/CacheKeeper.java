package io.tierwise.gateway;

import io.tierwise.gateway.semantic.SemanticCache;
import io.tierwise.gateway.store.CacheErasures.Erasure;
import io.tierwise.router.request.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forgets cached answers, here and, through the log of erasures, in every process that holds copies
 * of them.
 */
final class CacheKeeper {
  private final Servings servings;
  private final Parts parts;
  private long followed;

  CacheKeeper(Servings servings) {
    this.servings = servings;
    this.parts = servings.now().parts();
    this.followed = parts.stores().erasures().last();
  }

  /**
   * Forgets the answers of a tenant, of a task, or of both: what is null means all. None of them is
   * given any more when this returns.
   */
  Forgotten forget(@Nullable Tenant tenant, @Nullable String task) {
    Forgotten forgotten =
        new Forgotten(
            parts.stores().answers().delete(tenant, task)
                + parts.stores().chatAnswers().delete(tenant, task),
            parts.stores().semantic().delete(tenant, task));
    parts.stores().erasures().add(tenant, task);
    follow();
    return forgotten;
  }

  /** Drops copies of what was erased since the last look, by whomever. */
  synchronized void follow() {
    List<Erasure> erasures = parts.stores().erasures().after(followed);
    for (Erasure erasure : erasures) {
      servings.now().tasks().stream()
          .filter(task -> erasure.task() == null || erasure.task().equals(task.task().name()))
          .forEach(task -> task.caches().exact().forget());
      followed = erasure.sequence();
    }
    if (!erasures.isEmpty()) {
      parts.semantic().now().ifPresent(SemanticCache::reconcile);
    }
  }
}
