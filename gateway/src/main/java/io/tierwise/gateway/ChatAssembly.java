package io.tierwise.gateway;

import io.tierwise.gateway.chat.ChatGate;
import io.tierwise.gateway.chat.ChatTask;
import io.tierwise.gateway.chat.Chats;
import io.tierwise.gateway.config.TierwiseConfig.ChatConfig;
import io.tierwise.gateway.config.TierwiseConfig.ChatModel;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Puts the chats of a configuration together. */
final class ChatAssembly {
  /** What chats are made from: with the same again they go on as they are. */
  record Basis(List<ChatConfig> chats, List<Upstream> upstreams, List<Tariff> tariffs) {
    static Basis of(Parts parts) {
      List<Upstream> upstreams = new ArrayList<>();
      List<Tariff> tariffs = new ArrayList<>();
      for (ChatConfig chat : parts.config().chats()) {
        for (ChatModel side : List.of(chat.strong(), chat.weak())) {
          upstreams.add(Objects.requireNonNull(parts.config().upstreams().get(side.upstream())));
          tariffs.add(parts.tariff(side.price()));
        }
      }
      return new Basis(parts.config().chats(), upstreams, tariffs);
    }
  }

  private ChatAssembly() {}

  static Chats of(Parts parts) {
    List<ChatTask> chats = new ArrayList<>();
    for (ChatConfig chat : parts.config().chats()) {
      chats.add(
          new ChatTask(
              new Task.Chat(chat.name()),
              parts.upstreams().chat(chat.strong().upstream(), parts.tariff(chat.strong().price())),
              parts.upstreams().chat(chat.weak().upstream(), parts.tariff(chat.weak().price())),
              new ChatGate(
                  chat.name(),
                  chat.contract(),
                  parts.registry(),
                  parts.stores().contracts().gates())));
    }
    return new Chats(
        chats,
        new Chats.Ports(
            parts.budgets(),
            parts.ledger(),
            parts.metrics(),
            parts.surroundings().clock(),
            parts.surroundings().ticker()));
  }
}
