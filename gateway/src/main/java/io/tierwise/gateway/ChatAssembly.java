package io.tierwise.gateway;

import io.tierwise.gateway.chat.ChatAudits;
import io.tierwise.gateway.chat.ChatCache;
import io.tierwise.gateway.chat.ChatContract;
import io.tierwise.gateway.chat.ChatGate;
import io.tierwise.gateway.chat.ChatReferee;
import io.tierwise.gateway.chat.ChatSemanticCache;
import io.tierwise.gateway.chat.ChatTask;
import io.tierwise.gateway.chat.ChatUpstream;
import io.tierwise.gateway.chat.Chats;
import io.tierwise.gateway.chat.Judge;
import io.tierwise.gateway.chat.Judges;
import io.tierwise.gateway.chat.ModelJudge;
import io.tierwise.gateway.chat.SecondStage;
import io.tierwise.gateway.chat.WeakModel;
import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatCacheConfig;
import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.ChatConfig.SecondStageConfig;
import io.tierwise.gateway.config.ChatConfig.WeakConfig;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.learning.AuditQueue;
import io.tierwise.gateway.learning.AuditSetting;
import io.tierwise.gateway.learning.ContractWatch;
import io.tierwise.gateway.learning.GateDuty;
import io.tierwise.gateway.learning.GateOpening;
import io.tierwise.gateway.learning.QueuedAudits;
import io.tierwise.gateway.learning.SpooledAudits;
import io.tierwise.gateway.semantic.TextEncoder;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.tier.AnswerKey;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts the chats of a configuration together. */
final class ChatAssembly {
  private static final int AUDITS_AT_ONCE = 2;

  /** Each waits as a row of the spool and a request id in memory. */
  private static final int AUDITS_WAITING = 100_000;

  private static final Duration AUDIT_GRACE = Duration.ofSeconds(5);

  /** In the keys of cached answers; a chat has no prompt of its own. */
  private static final String AS_SENT = "as-sent";

  private final Parts parts;
  private final Encoder encoder;
  private final Encoder prompts;
  private final List<Runnable> ending = new ArrayList<>();
  private final List<ChatUpstream> judges = new ArrayList<>();

  /** What chats are made from: with the same again they go on as they are. */
  record Basis(List<ChatConfig> chats, List<Upstream> upstreams, List<Tariff> tariffs) {
    static Basis of(Parts parts) {
      List<Upstream> upstreams = new ArrayList<>();
      List<Tariff> tariffs = new ArrayList<>();
      for (ChatConfig chat : parts.config().chats()) {
        for (ChatModel model : chat.models()) {
          upstreams.add(Objects.requireNonNull(parts.config().upstreams().get(model.upstream())));
          tariffs.add(parts.tariff(model.price()));
        }
        tariffs.add(parts.tariff(chat.exactCache().cache().price()));
        tariffs.add(parts.tariff(chat.semanticCache().price()));
      }
      return new Basis(parts.config().chats(), upstreams, tariffs);
    }
  }

  private ChatAssembly(Parts parts) {
    this.parts = parts;
    this.encoder = new Encoder(parts.services().encoder());
    this.prompts = new Encoder(parts.services().prompts());
  }

  static Chats of(Parts parts) {
    return new ChatAssembly(parts).chats();
  }

  private Chats chats() {
    List<ChatTask> chats = parts.config().chats().stream().map(this::chat).toList();
    ending.add(encoder::close);
    ending.add(prompts::close);
    judges.forEach(judge -> ending.add(judge::close));
    return new Chats(
        chats,
        new Chats.Ports(
            parts.budgets(),
            parts.ledger(),
            parts.metrics(),
            parts.surroundings().clock(),
            parts.surroundings().ticker()),
        ending);
  }

  private ChatTask chat(ChatConfig config) {
    Task.Chat task = new Task.Chat(config.name());
    ChatUpstream strong = upstream(config.strong());
    Judge judge = judge(config);
    return new ChatTask(
        task,
        strong,
        config.fallbacks().stream().map(this::upstream).toList(),
        config.weak().stream().map(weak -> weak(config, weak, strong, judge)).toList(),
        cache(config),
        semanticCache(config, strong, judge),
        config.hedge(),
        secondStage(config.secondStage(), judge));
  }

  private ChatUpstream upstream(ChatModel model) {
    return parts.upstreams().chat(model.upstream(), parts.tariff(model.price()));
  }

  private WeakModel weak(ChatConfig config, WeakConfig weak, ChatUpstream strong, Judge judge) {
    ChatUpstream upstream = upstream(weak.model());
    ChatGate gate =
        new ChatGate(
            contract(config, weak.router(), TierName.WEAK), parts.registry(), this::router);
    ChatReferee referee = referee(config, strong, upstream, judge);
    return new WeakModel(upstream, gate, audits(config, weak.router(), TierName.WEAK, referee));
  }

  private WinRouter router(Artifact artifact) throws IOException {
    WinRouter router = WinRouter.load(artifact, prompts::encode);
    if (parts.services().duty() == GateDuty.FOLLOW) {
      // In a function, no caller is to wait for the encoder, and a snapshot holds it.
      router.weakWillDo("hello", 1);
    }
    return router;
  }

  private @Nullable ChatSemanticCache semanticCache(
      ChatConfig config, ChatUpstream strong, Judge judge) {
    SemanticCacheConfig cache = config.semanticCache();
    if (!cache.enabled()) {
      return null;
    }
    String name = ChatConfig.cacheName(config.name());
    return new ChatSemanticCache(
        parts.semantic().open(),
        new ChatSemanticCache.Settings(
            answerKey(config),
            parts.tariff(cache.price()),
            cache.timeToLive(),
            cache.maximumEntries()),
        contract(config, name, TierName.SEMANTIC_CACHE),
        audits(config, name, TierName.SEMANTIC_CACHE, referee(config, strong, null, judge)),
        difference -> parts.metrics().guarded(config.name(), difference.name()));
  }

  /** What a cheap answerer of this name is held to. */
  private ChatContract contract(ChatConfig config, String name, TierName tier) {
    ContractStores stores = parts.stores().contracts();
    Contract terms = config.contractOfEach();
    GateDuty duty = parts.services().duty();
    return new ChatContract(
        name,
        terms,
        stores.gates(),
        new ContractWatch(name, terms, stores, duty, null, parts.metrics()),
        duty == GateDuty.FOLLOW
            ? null
            : new GateOpening(name, terms, stores, ConfidenceGrid.path(tier)));
  }

  private ChatReferee referee(
      ChatConfig config, ChatUpstream strong, @Nullable ChatUpstream weak, Judge judge) {
    return new ChatReferee(
        new Task.Chat(config.name()),
        strong,
        weak,
        judge,
        parts.surroundings().clock(),
        parts.surroundings().ticker());
  }

  private ChatAudits audits(ChatConfig config, String name, TierName tier, ChatReferee referee) {
    Task.Classification question = ChatAudits.question(name);
    AuditSetting setting =
        new AuditSetting(
            question,
            referee,
            parts.stores().contracts().audits(),
            0,
            parts.ledger(),
            reference -> {},
            parts.metrics());
    SpooledAudits worker =
        new SpooledAudits(
            setting,
            parts.stores().spool(),
            config.audit().asTask().cap(),
            AUDITS_AT_ONCE,
            AUDITS_WAITING,
            parts.surroundings());
    ending.add(() -> drain(worker));
    double rate = config.audit().rate();
    AuditCoin coin = new AuditCoin(parts.surroundings().random(), rate, rate, worker::affordable);
    AuditQueue queue = parts.services().audits();
    QueuedAudits queued =
        new QueuedAudits(setting, parts.stores().contracts().claims(), queue, parts.surroundings());
    return new ChatAudits(
        tier,
        question,
        coin,
        new ChatAudits.Makers(
            TaskAssembly.queued(worker, queue),
            worker,
            queued,
            queue == null ? Integer.MAX_VALUE : queue.mostBytes()));
  }

  private static void drain(SpooledAudits worker) {
    try {
      worker.drain(AUDIT_GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      worker.close();
    }
  }

  private Judge judge(ChatConfig config) {
    return switch (config.judge().kind()) {
      case EXACT -> Judges.exact();
      case NORMALISED -> Judges.normalised();
      case EMBEDDING -> {
        requireEncoder(config);
        yield Judges.embedding(encoder::encode, config.judge().similarity());
      }
      case MODEL -> {
        ChatUpstream asked = upstream(Objects.requireNonNull(config.judge().model()));
        judges.add(asked);
        yield new ModelJudge(asked, parts.surroundings().ticker());
      }
    };
  }

  /** Better at the start than at the first audit. */
  private void requireEncoder(ChatConfig config) {
    try {
      encoder.loaded();
    } catch (UncheckedIOException e) {
      throw new InvalidValueException(
          "chats." + config.name() + ".judge.kind",
          "'embedding' has no encoder here: " + Objects.requireNonNull(e.getCause()).getMessage(),
          "take normalised, exact or model");
    }
  }

  private @Nullable ChatCache cache(ChatConfig config) {
    ChatCacheConfig cache = config.exactCache();
    if (!cache.enabled()) {
      return null;
    }
    return new ChatCache(
        parts.stores().chatAnswers(),
        answerKey(config),
        parts.tariff(cache.cache().price()),
        cache.cache().timeToLive(),
        cache.tools());
  }

  private AnswerKey answerKey(ChatConfig config) {
    String version = parts.upstreams().endpoint(config.strong().upstream()).fullVersion();
    return new AnswerKey(config.name(), version, AS_SENT);
  }

  private static SecondStage secondStage(SecondStageConfig config, Judge judge) {
    return switch (config.kind()) {
      case NONE -> new SecondStage.Off();
      case LOG_PROBABILITY -> new SecondStage.LogProbability(config.threshold());
      case SELF_CONSISTENCY ->
          new SecondStage.SelfConsistency(config.samples(), config.threshold(), judge);
    };
  }

  /** The one encoder of all routers, or of all judges, loaded when the first reads a text. */
  private static final class Encoder {
    private final TextEncoder.Loader loader;
    private @Nullable TextEncoder loaded;

    Encoder(TextEncoder.Loader loader) {
      this.loader = loader;
    }

    float[] encode(String text) {
      return loaded().encode(text);
    }

    private synchronized TextEncoder loaded() {
      TextEncoder known = loaded;
      if (known == null) {
        try {
          known = loader.load();
        } catch (IOException e) {
          throw new UncheckedIOException("the encoder of texts is not installed", e);
        }
        loaded = known;
      }
      return known;
    }

    synchronized void close() {
      if (loaded != null) {
        loaded.close();
      }
    }
  }
}
