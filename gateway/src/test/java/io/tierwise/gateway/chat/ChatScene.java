package io.tierwise.gateway.chat;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.testing.Routers;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A gateway with the chat {@code assistant} between scripted upstreams: a strong model at $0.0001 a
 * call, and a weak and a third one at $0.0000001.
 */
final class ChatScene implements AutoCloseable {
  static final Contract CONTRACT = new Contract(0.05, 0.05);
  static final ChatModel STRONG = new ChatModel("strong", "call");
  static final ChatModel WEAK = new ChatModel("weak", "small");
  static final ChatModel THIRD = new ChatModel("third", "small");

  final ScriptedUpstream weak = new ScriptedUpstream();
  final ScriptedUpstream third = new ScriptedUpstream();
  final RunningGateway gateway;

  /** Of the strong model, from the next restart on. */
  String version = "1";

  /** How long a model may say nothing, from the next restart on. */
  Duration patience = Duration.ofSeconds(20);

  private final UnaryOperator<ChatConfig> change;
  private final Protocol protocol;

  ChatScene(Path folder, UnaryOperator<ChatConfig> change) {
    this(folder, Protocol.OPENAI, change);
  }

  /**
   * @param protocol of the strong model
   * @param change of a chat of the two models and nothing else
   */
  ChatScene(Path folder, Protocol protocol, UnaryOperator<ChatConfig> change) {
    this.protocol = protocol;
    this.change = change;
    this.gateway = new RunningGateway(folder, Setup.USUAL, this::withChat);
  }

  private TierwiseConfig withChat(TierwiseConfig config) {
    Map<String, Upstream> upstreams = new LinkedHashMap<>(config.upstreams());
    String url = upstreams.get("gpu").url();
    upstreams.put("strong", upstream(url, protocol, "big-chat", version));
    upstreams.put("weak", upstream(weak.url(), Protocol.OPENAI, "small-chat", "1"));
    upstreams.put("third", upstream(third.url(), Protocol.OPENAI, "third-chat", "1"));
    ChatConfig chat = change.apply(new ChatConfig("assistant", STRONG, WEAK, CONTRACT));
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        upstreams,
        config.prices(),
        config.tasks(),
        config.budgets(),
        List.of(chat));
  }

  private Upstream upstream(String url, Protocol protocol, String model, String version) {
    return new Upstream(url, protocol, model, null, patience, 4, 0, version);
  }

  ScriptedUpstream strong() {
    return gateway.upstream;
  }

  /** Opens the gate of the router for the only weak model, which is sure of all prompts. */
  String openGate() {
    return Routers.open(gateway, "assistant", 0.9, 0.5, CONTRACT);
  }

  /** Ends, which waits for the audits under way, and begins again. */
  void restart() {
    gateway.restart(Setup.USUAL);
  }

  Answer ask(String model, String content) {
    return askWith(model, content, "");
  }

  /**
   * @param more further fields, each after a comma
   */
  Answer askWith(String model, String content, String more) {
    return gateway.post(
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
            .formatted(model, content, more));
  }

  List<LedgerEntry> ledger() {
    return gateway.ledger();
  }

  @Override
  public void close() {
    gateway.close();
    weak.close();
    third.close();
  }

  /** Whatever is kept is sealed. */
  void assertNothingOnDiskSays(String... words) throws IOException {
    try (Stream<Path> files = Files.walk(gateway.data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String each : words) {
          assertFalse(content.contains(each), file.toString());
        }
      }
    }
  }

  /** Forgets what the chat's caches have kept for the caller. */
  Answer forget() {
    return gateway.send(
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/cache?task=assistant"))
            .header("authorization", "Bearer " + gateway.key())
            .DELETE());
  }
}
