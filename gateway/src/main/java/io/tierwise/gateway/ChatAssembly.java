package io.tierwise.gateway;

import io.tierwise.gateway.chat.ChatGate;
import io.tierwise.gateway.chat.ChatTask;
import io.tierwise.gateway.chat.Chats;
import io.tierwise.gateway.config.TierwiseConfig.ChatConfig;
import io.tierwise.gateway.config.TierwiseConfig.ChatModel;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
    Routers routers = new Routers();
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
                  parts.stores().contracts().gates(),
                  routers)));
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

  /** Loads routers on one encoder, which is loaded when the first of them is. */
  private static final class Routers implements ChatGate.Loader {
    private static final int THREADS = 2;
    private @Nullable SentenceEncoder encoder;

    @Override
    public synchronized WinRouter load(Artifact artifact) throws IOException {
      SentenceEncoder loaded = encoder;
      if (loaded == null) {
        loaded = SentenceEncoder.bgeSmall(THREADS);
        encoder = loaded;
      }
      return WinRouter.load(artifact, loaded);
    }
  }
}
