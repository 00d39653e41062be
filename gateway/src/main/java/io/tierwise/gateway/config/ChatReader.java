package io.tierwise.gateway.config;

import io.tierwise.gateway.config.ChatConfig.ChatAuditConfig;
import io.tierwise.gateway.config.ChatConfig.ChatCacheConfig;
import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.ChatConfig.JudgeConfig;
import io.tierwise.gateway.config.ChatConfig.JudgeKind;
import io.tierwise.gateway.config.ChatConfig.SecondStageConfig;
import io.tierwise.gateway.config.ChatConfig.SecondStageKind;
import io.tierwise.gateway.config.ChatConfig.WeakConfig;
import io.tierwise.gateway.config.TierwiseConfig.CacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Contract;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the chats. */
final class ChatReader {
  private static final String AUTO = "auto";

  private final Map<String, Upstream> upstreams;
  private final Kind<String> price;
  private final Kind<String> upstream;
  private final Set<String> taken;

  /**
   * @param taken the tasks' names, for callers send either as model
   */
  ChatReader(Map<String, Upstream> upstreams, Kind<String> price, List<String> taken) {
    this.upstreams = upstreams;
    this.price = price;
    this.upstream = new Kind<>(this::known, "upstream");
    this.taken = new HashSet<>(taken);
    this.taken.add(AUTO);
  }

  List<ChatConfig> read(Section root) {
    List<ChatConfig> chats = new ArrayList<>();
    for (Section section : root.sections("chats")) {
      String name = section.required("name", Kind.NAME);
      if (!taken.add(name)) {
        section.report("name", "'" + name + "' is taken", "choose another name");
      }
      chats.add(chat(section, name));
      section.refuseOtherKeys();
    }
    return chats;
  }

  private ChatConfig chat(Section section, String name) {
    ChatModel strong = model(section.section("strong"));
    List<WeakConfig> weak = new ArrayList<>();
    weak.add(new WeakConfig(model(section.section("weak")), name));
    for (Section alternative : section.sections("alternatives")) {
      String router = alternative.required("router", Kind.NAME);
      if (!taken.add(router)) {
        alternative.report("router", "'" + router + "' is taken", "choose another name");
      }
      weak.add(new WeakConfig(model(alternative), router));
    }
    return new ChatConfig(
        name,
        strong,
        weak,
        section.sections("fallbacks").stream().map(this::model).toList(),
        contract(section.section("contract")),
        audit(section.section("audit")),
        judge(section.section("judge")),
        cache(section.section("exactCache")),
        semanticCache(section, name),
        section.value("hedge", Kind.YES_OR_NO, "false"),
        secondStage(section.section("secondStage")));
  }

  private ChatModel model(Section section) {
    ChatModel model =
        new ChatModel(section.required("upstream", upstream), section.required("price", price));
    section.refuseOtherKeys();
    return model;
  }

  private static ChatAuditConfig audit(Section section) {
    ChatAuditConfig audit =
        new ChatAuditConfig(
            section.value("rate", Kind.CLOSED_SHARE, "0.05"),
            section.optional("dailyLimit", Kind.AMOUNT).orElse(null));
    section.refuseOtherKeys();
    return audit;
  }

  private JudgeConfig judge(Section section) {
    JudgeKind kind = section.value("kind", Kind.choice(JudgeKind.class), "embedding");
    double similarity = section.value("similarity", Kind.OPEN_SHARE, "0.85");
    Optional<String> name = section.optional("upstream", upstream);
    Optional<String> cost = section.optional("price", price);
    if (kind == JudgeKind.MODEL) {
      for (String key : List.of("upstream", "price")) {
        if (!section.has(key)) {
          section.report(key, "it is missing, and the judge is a model", "say which one");
        }
      }
    }
    section.refuseOtherKeys();
    return new JudgeConfig(
        kind,
        similarity,
        kind == JudgeKind.MODEL
            ? new ChatModel(name.orElse(upstream.placeholder()), cost.orElse(price.placeholder()))
            : null);
  }

  private ChatCacheConfig cache(Section section) {
    ChatCacheConfig cache =
        new ChatCacheConfig(
            section.value("enabled", Kind.YES_OR_NO, "true"),
            new CacheConfig(
                section.value("price", price, "box-exact-cache"),
                section.value("timeToLive", Kind.SPAN, "24h"),
                section.value("maximumEntries", Kind.wholeLong(0, 1_000_000_000), "100000")),
            section.value("tools", Kind.YES_OR_NO, "false"));
    section.refuseOtherKeys();
    return cache;
  }

  private SemanticCacheConfig semanticCache(Section chat, String name) {
    Section section = chat.section("semanticCache");
    SemanticCacheConfig cache = ConfigFile.semanticCache(section, price);
    String certified = ChatConfig.cacheName(name);
    if (cache.enabled() && !taken.add(certified)) {
      section.report(
          "enabled",
          "it is certified as '" + certified + "', which is taken",
          "rename this chat or the other one");
    }
    return cache;
  }

  private static SecondStageConfig secondStage(Section section) {
    SecondStageConfig stage =
        new SecondStageConfig(
            section.value("kind", Kind.choice(SecondStageKind.class), "none"),
            section.value("threshold", Kind.OPEN_SHARE, "0.8"),
            section.value("samples", Kind.whole(2, 16), "3"));
    section.refuseOtherKeys();
    return stage;
  }

  private String known(String name) {
    Upstream found = upstreams.get(name);
    if (found == null || found.protocol() == Protocol.INVOCATIONS) {
      throw new InvalidValueException(
          "upstream",
          "there is no upstream '" + name + "' with protocol openai, anthropic or bedrock",
          "add it under upstreams");
    }
    return name;
  }

  private static Contract contract(Section section) {
    Contract contract =
        new Contract(
            section.value("epsilon", Kind.OPEN_SHARE, "0.05"),
            section.value("delta", Kind.OPEN_SHARE, "0.05"));
    section.refuseOtherKeys();
    return contract;
  }
}
