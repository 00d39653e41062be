package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.ChatConfig;
import io.tierwise.gateway.config.TierwiseConfig.ChatModel;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Contract;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the chats. */
final class ChatReader {
  private static final String AUTO = "auto";

  private final Map<String, Upstream> upstreams;
  private final Kind<String> price;
  private final Set<String> taken;

  /**
   * @param taken the tasks' names, for callers send either as model
   */
  ChatReader(Map<String, Upstream> upstreams, Kind<String> price, List<String> taken) {
    this.upstreams = upstreams;
    this.price = price;
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
      ChatConfig chat =
          new ChatConfig(
              name,
              model(section.section("strong")),
              model(section.section("weak")),
              contract(section.section("contract")));
      section.refuseOtherKeys();
      chats.add(chat);
    }
    return chats;
  }

  private ChatModel model(Section section) {
    ChatModel model =
        new ChatModel(
            section.required("upstream", new Kind<>(this::known, "upstream")),
            section.required("price", price));
    section.refuseOtherKeys();
    return model;
  }

  private String known(String name) {
    Upstream upstream = upstreams.get(name);
    if (upstream == null || upstream.protocol() != Protocol.OPENAI) {
      throw new InvalidValueException(
          "upstream",
          "there is no upstream '" + name + "' with protocol openai",
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
