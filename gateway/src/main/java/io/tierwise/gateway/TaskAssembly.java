package io.tierwise.gateway;

import io.tierwise.gateway.config.TierwiseConfig.AuditConfig;
import io.tierwise.gateway.config.TierwiseConfig.CacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.flywheel.Promotion;
import io.tierwise.gateway.learning.AuditQueue;
import io.tierwise.gateway.learning.AuditSetting;
import io.tierwise.gateway.learning.ContractWatch;
import io.tierwise.gateway.learning.CorpusWriter;
import io.tierwise.gateway.learning.DriftNaming;
import io.tierwise.gateway.learning.LargeReferee;
import io.tierwise.gateway.learning.Probing;
import io.tierwise.gateway.learning.QueuedAudits;
import io.tierwise.gateway.learning.SpooledAudits;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.AnswerKey;
import io.tierwise.gateway.tier.Endpoint;
import io.tierwise.gateway.tier.ExactCacheTier;
import io.tierwise.gateway.tier.SemanticCacheTier;
import io.tierwise.gateway.tier.SingleFlight;
import io.tierwise.router.Cascade;
import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.Audits;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.References;
import io.tierwise.router.tier.Tier;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.SecondStudentTier;
import io.tierwise.student.StudentTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts one task together: its tiers, its gate, and those who learn from it. */
final class TaskAssembly {
  private static final Duration LOOKUP = Duration.ofMillis(1);
  private static final Duration ENCODING = Duration.ofMillis(10);
  private static final Duration INFERENCE = Duration.ofMillis(5);
  private static final Duration LARGE_CALL = Duration.ofMillis(500);

  /** What a caller waits at least; longer where the endpoint is given longer for one call. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Room for a call's whole timeout: a slow endpoint is not to be taken for a hasty caller. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final int MOST_ROWS_AT_ONCE = 16;
  private static final int AUDITS_AT_ONCE = 4;

  /** Each waits as a row of the spool and a request id in memory. */
  private static final int AUDITS_WAITING = 100_000;

  private TaskAssembly() {}

  static ServingTask of(TaskConfig config, Parts parts, Map<String, LargeUsage> history) {
    Task.Classification task = config.task();
    Endpoint endpoint = parts.upstreams().endpoint(config.large().upstream());
    Tariff largeTariff = parts.tariff(config.large().price());
    Tier large = parts.upstreams().tier(config.large(), largeTariff);
    String prompt = parts.upstreams().wire(config.large()).promptVersion(task);
    AnswerKey key = new AnswerKey(task.name(), endpoint.fullVersion(), prompt);
    Caches caches =
        new Caches(cache(config.exactCache(), key, parts), semantic(config, key, parts));
    References references = references(config, caches, parts);
    Duration patience = longer(PATIENCE, endpoint.timeout().plus(MARGIN));
    AuditSetting auditing =
        new AuditSetting(
            task,
            new LargeReferee(large, largeTariff, patience, parts.surroundings().clock()),
            parts.stores().contracts().audits(),
            config.audit().repeatRate(),
            parts.ledger(),
            references,
            parts.metrics());
    SpooledAudits audits =
        new SpooledAudits(
            auditing,
            parts.stores().spool(),
            config.audit().cap(),
            Math.min(AUDITS_AT_ONCE, endpoint.maximumConcurrent()),
            AUDITS_WAITING,
            parts.surroundings());
    List<Rung> rungs =
        rungs(config, caches, new SingleFlight(large, key, parts.surroundings().clock()), parts);
    FittingStudents students =
        new FittingStudents(task, config.input(), parts.services().students());
    LiveTask live =
        new LiveTask(
            students,
            config.contract(),
            parts.registry(),
            parts.stores().contracts().gates(),
            parts.stores().contracts().history(),
            trial(config, students, parts),
            parts.surroundings().clock());
    return new ServingTask(
        task,
        config.input(),
        config.contract(),
        patience,
        rowsAtOnce(endpoint),
        live,
        cascade(
            config,
            rungs,
            references,
            queued(audits, parts.services().audits()),
            coin(config, audits, parts),
            parts,
            history),
        audits,
        new QueuedAudits(
            auditing,
            parts.stores().contracts().claims(),
            parts.services().audits(),
            parts.surroundings()),
        new ContractWatch(
            task.name(),
            config.contract(),
            parts.stores().contracts(),
            parts.services().duty(),
            config.flywheel().enabled() ? promotion(config, parts) : null,
            parts.metrics()),
        caches,
        new ReviewDraw(
            parts.stores().reviews(),
            config.corpus().keep() ? config.audit().reviewRate() : 0,
            config.corpus().timeToLive(),
            parts.surroundings().random()),
        slices(config, parts),
        drifts(config, auditing, endpoint.fullVersion() + "/" + prompt, parts));
  }

  /** Named where the audits are kept on this box. */
  private static @Nullable DriftNaming drifts(
      TaskConfig config, AuditSetting auditing, String endpoint, Parts parts) {
    if (parts.services().contracts() != null) {
      return null;
    }
    AuditConfig audit = config.audit();
    Probing probing =
        audit.probes() == 0
            ? null
            : new Probing(
                auditing,
                new Probing.Setting(
                    audit.probes(),
                    audit.probeInterval(),
                    audit.cap(),
                    endpoint,
                    config.corpus().timeToLive(),
                    parts.stores().corpus(),
                    parts.stores().probes()),
                parts.surroundings());
    return new DriftNaming(
        auditing.task(),
        parts.stores().drifts(),
        probing,
        parts.surroundings().clock(),
        parts.metrics());
  }

  /** Cheapest first, by what an attempt costs; the exact cache is before all. */
  private static List<Rung> rungs(TaskConfig config, Caches caches, Tier large, Parts parts) {
    List<Rung> rungs = new ArrayList<>();
    SemanticCacheTier semantic = caches.semantic();
    if (semantic != null) {
      rungs.add(
          new Rung(
              TierName.SEMANTIC_CACHE,
              semantic,
              parts.tariff(config.semanticCache().price()),
              ENCODING));
    }
    rungs.add(
        new Rung(
            TierName.STUDENT,
            new StudentTier(() -> ServingTask.STATE.get().student(), parts.surroundings().ticker()),
            parts.tariff(config.student().price()),
            INFERENCE));
    rungs.add(
        new Rung(
            TierName.SECOND_STUDENT,
            new SecondStudentTier(
                () -> ServingTask.STATE.get().student(), parts.surroundings().ticker()),
            parts.tariff(config.student().price()),
            INFERENCE));
    rungs.sort(Comparator.comparing(Rung::typicalCost));
    Rung exact =
        new Rung(
            TierName.EXACT_CACHE,
            caches.exact(),
            parts.tariff(config.exactCache().price()),
            LOOKUP);
    rungs.addFirst(exact);
    rungs.add(new Rung(TierName.LARGE, large, parts.tariff(config.large().price()), LARGE_CALL));
    return rungs;
  }

  private static @Nullable Slices slices(TaskConfig config, Parts parts) {
    return config.contract().perTenant()
        ? new Slices(
            config.name(),
            config.contract(),
            new Slices.Evidence(
                parts.stores().contracts().gates(),
                parts.stores().contracts().watches(),
                parts.stores().slices()))
        : null;
  }

  private static Promotion promotion(TaskConfig config, Parts parts) {
    return new Promotion(
        config,
        parts.registry(),
        parts.stores().contracts().gates(),
        parts.stores().contracts().watches());
  }

  private static Trial trial(TaskConfig config, FittingStudents students, Parts parts) {
    return new Trial(
        students,
        config.contract(),
        new Trial.Evidence(
            parts.registry(),
            parts.stores().contracts().gates(),
            parts.stores().contracts().watches()),
        config.flywheel().enabled() ? config.flywheel().canaryShare() : 0,
        parts.surroundings().random());
  }

  /** Where another process makes the audits, none is kept here but what cannot be handed over. */
  static Audits queued(SpooledAudits own, @Nullable AuditQueue queue) {
    if (queue == null) {
      return own;
    }
    return audited -> {
      try {
        queue.enqueue(audited);
      } catch (StoreException e) {
        own.keepUnqueued(audited, e);
      }
    };
  }

  /** A batch takes half of the endpoint's places at most, so that others find room beside it. */
  private static int rowsAtOnce(Endpoint endpoint) {
    return Math.clamp(endpoint.maximumConcurrent() / 2, 1, MOST_ROWS_AT_ONCE);
  }

  private static Cascade cascade(
      TaskConfig config,
      List<Rung> rungs,
      References references,
      Audits audits,
      AuditCoin coin,
      Parts parts,
      Map<String, LargeUsage> history) {
    return new Cascade(
        rungs,
        config.policy(),
        () -> ServingTask.STATE.get().gate(),
        coin,
        () -> ServingTask.STATE.get().rates(),
        history.getOrDefault(config.name(), LargeUsage.UNKNOWN),
        new Cascade.Ports(
            parts.budgets(),
            parts.ledger(),
            references,
            audits,
            parts.surroundings().clock(),
            parts.surroundings().ticker()));
  }

  private static AuditCoin coin(TaskConfig config, SpooledAudits audits, Parts parts) {
    return new AuditCoin(
        parts.surroundings().random(),
        config.audit().shutRate(),
        config.audit().openRate(),
        audits::affordable);
  }

  private static ExactCacheTier cache(CacheConfig cache, AnswerKey key, Parts parts) {
    return new ExactCacheTier(
        parts.stores().answers(),
        new ExactCacheTier.Settings(key, cache.timeToLive(), cache.maximumEntries()),
        parts.surroundings().ticker());
  }

  private static @Nullable SemanticCacheTier semantic(
      TaskConfig config, AnswerKey key, Parts parts) {
    SemanticCacheConfig cache = config.semanticCache();
    if (!cache.enabled()) {
      return null;
    }
    return new SemanticCacheTier(
        parts.semantic().open(),
        new SemanticCacheTier.Settings(key, cache.timeToLive(), cache.maximumEntries()),
        parts.surroundings().ticker(),
        difference -> parts.metrics().guarded(config.name(), difference.name()));
  }

  private static References references(TaskConfig config, References cache, Parts parts) {
    if (!config.corpus().keep()) {
      return cache;
    }
    References corpus = new CorpusWriter(parts.stores().corpus(), config.corpus().timeToLive());
    return reference -> {
      cache.observe(reference);
      corpus.observe(reference);
    };
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
