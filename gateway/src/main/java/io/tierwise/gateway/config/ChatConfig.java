package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.AuditConfig;
import io.tierwise.gateway.config.TierwiseConfig.CacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.CorpusConfig;
import io.tierwise.gateway.config.TierwiseConfig.FlywheelConfig;
import io.tierwise.gateway.config.TierwiseConfig.LargeConfig;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.StudentConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.Money;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Free-form chat between models.
 *
 * @param weak cheaper models, each with a router of its own
 * @param fallbacks asked in this order where the strong one cannot answer
 * @param contract ε is what quality may lose at most against always asking the strong one
 * @param semanticCache held to the contract by a gate of its own
 * @param hedge whether a call that takes longer than usual is made a second time
 */
public record ChatConfig(
    String name,
    ChatModel strong,
    List<WeakConfig> weak,
    List<ChatModel> fallbacks,
    Contract contract,
    ChatAuditConfig audit,
    JudgeConfig judge,
    ChatCacheConfig exactCache,
    SemanticCacheConfig semanticCache,
    boolean hedge,
    SecondStageConfig secondStage) {
  public ChatConfig {
    weak = List.copyOf(weak);
    fallbacks = List.copyOf(fallbacks);
  }

  /** Of two models and nothing else. */
  public ChatConfig(String name, ChatModel strong, ChatModel weak, Contract contract) {
    this(
        name,
        strong,
        List.of(new WeakConfig(weak, name)),
        List.of(),
        contract,
        ChatAuditConfig.OFF,
        JudgeConfig.NORMALISED,
        ChatCacheConfig.OFF,
        SemanticCacheConfig.OFF,
        false,
        SecondStageConfig.OFF);
  }

  /** What each router, and the semantic cache, is held to: together they hold the contract. */
  public Contract contractOfEach() {
    int parts = weak.size() + (semanticCache.enabled() ? 1 : 0);
    return new Contract(contract.epsilon() / parts, contract.delta() / parts);
  }

  /** The name under which a chat's semantic cache is certified. */
  public static String cacheName(String chat) {
    return chat + "-cache";
  }

  /** The names of its routers. */
  public List<String> routers() {
    return weak.stream().map(WeakConfig::router).toList();
  }

  /** All of its models, the judge among them. */
  public List<ChatModel> models() {
    List<ChatModel> models = new ArrayList<>(fallbacks);
    models.addFirst(strong);
    weak.forEach(each -> models.add(each.model()));
    if (judge.model() != null) {
      models.add(judge.model());
    }
    return models;
  }

  /**
   * What is certified of it, as what it is: tasks whose label says whether the cheap answer will do
   * or the strong model is to be asked.
   */
  List<TaskConfig> contracts() {
    List<TaskConfig> all = new ArrayList<>();
    weak.forEach(each -> all.add(contract(each.router(), each.model().price())));
    if (semanticCache.enabled()) {
      all.add(contract(cacheName(name), semanticCache.price()));
    }
    return all;
  }

  private TaskConfig contract(String certified, String price) {
    List<String> labels = List.of("weak", "strong");
    Task.Classification task =
        new Task.Classification(certified, labels.stream().map(Label::new).toList());
    return new TaskConfig(
        certified,
        labels,
        new InputForm.Text(),
        contractOfEach(),
        new LargeConfig(strong.upstream(), strong.price(), Prompt.standard(task)),
        new StudentConfig(price),
        exactCache.cache(),
        SemanticCacheConfig.OFF,
        audit.asTask(),
        Fallback.REJECT,
        Fallback.REJECT,
        new CorpusConfig(false, exactCache.cache().timeToLive()),
        FlywheelConfig.OFF);
  }

  /**
   * A cheaper model of a chat.
   *
   * @param router the name under which its router is published and certified
   */
  public record WeakConfig(ChatModel model, String router) {}

  /**
   * A chat's audits. Each asks both models and the judge, whatever the gate says.
   *
   * @param rate the share of requests
   * @param dailyLimit on what they may cost in a UTC day; null for none
   */
  public record ChatAuditConfig(double rate, @Nullable Money dailyLimit) {
    public static final ChatAuditConfig OFF = new ChatAuditConfig(0, null);

    /** The same as a task has it. */
    public AuditConfig asTask() {
      return new AuditConfig(rate, rate, dailyLimit, 0, 0);
    }
  }

  /**
   * Who compares the answers in an audit.
   *
   * @param similarity from which on two answers are the same, by their vectors
   * @param model that is asked; null for the other kinds
   */
  public record JudgeConfig(JudgeKind kind, double similarity, @Nullable ChatModel model) {
    public static final JudgeConfig NORMALISED = new JudgeConfig(JudgeKind.NORMALISED, 0.85, null);
  }

  /** How answers are compared. */
  public enum JudgeKind {
    EXACT,
    NORMALISED,
    EMBEDDING,
    MODEL
  }

  /**
   * A chat's exact cache, of requests at temperature 0 with a seed.
   *
   * @param tools whether requests with tools, and such for more than one answer, have a place too
   */
  public record ChatCacheConfig(boolean enabled, CacheConfig cache, boolean tools) {
    public static final ChatCacheConfig OFF =
        new ChatCacheConfig(
            false, new CacheConfig("box-exact-cache", Duration.ofHours(24), 100_000), false);
  }

  /**
   * How a weak model's answer is looked at before it is given.
   *
   * @param threshold from which on it is
   * @param samples of self-consistency, the answer itself among them
   */
  public record SecondStageConfig(SecondStageKind kind, double threshold, int samples) {
    public static final SecondStageConfig OFF = new SecondStageConfig(SecondStageKind.NONE, 0.8, 3);
  }

  /** What is looked at. */
  public enum SecondStageKind {
    NONE,
    LOG_PROBABILITY,
    SELF_CONSISTENCY
  }

  /**
   * One of a chat's models.
   *
   * @param upstream a name in {@link TierwiseConfig#upstreams}
   * @param price an id in the price book
   */
  public record ChatModel(String upstream, String price) {}
}
