package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.dialect.Arrival;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.request.RoutingPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** All chats by the names that callers send as model; {@code auto} is the first of them. */
public final class Chats implements AutoCloseable {
  private static final String AUTO = "auto";

  /** A stream may talk for long; each piece of it has the upstream's own timeout. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Map<String, ChatTask> byName = new LinkedHashMap<>();
  private final Ports ports;
  private final List<Runnable> ending;

  /**
   * The outside world, as a chat sees it.
   *
   * @param ticker monotonic nanoseconds, for latencies
   */
  public record Ports(
      Budgets budgets, Ledger ledger, Metrics metrics, Clock clock, LongSupplier ticker) {}

  /** What a model's name asks for. */
  private record Wanted(ChatTask chat, ChatMode mode) {}

  /**
   * @param ending what is to be brought to its end before the models can no longer be asked
   */
  public Chats(List<ChatTask> chats, Ports ports, List<Runnable> ending) {
    this.ports = ports;
    this.ending = List.copyOf(ending);
    chats.forEach(chat -> byName.put(chat.task().name(), chat));
  }

  /** Every name without its modes, for a list of models. */
  public List<String> names() {
    List<String> names = new ArrayList<>(byName.keySet());
    if (!names.isEmpty()) {
      names.addFirst(AUTO);
    }
    return names;
  }

  /** Whether a model's name is a chat's. */
  public boolean knows(String model) {
    return wanted(model).isPresent();
  }

  /**
   * Answers, refuses, or begins to answer: a reply in parts is on the ledger once it is written.
   *
   * @param model that {@link #knows}
   */
  public Reply answer(String model, ObjectNode json, Arrival arrival) {
    Wanted wanted = wanted(model).orElseThrow();
    ChatBody body = new ChatBody(json);
    // The cache looks at the temperature itself.
    var context = arrival.context(arrival.requestId(), PATIENCE, 0);
    ChatMode mode =
        switch (context.policy()) {
          case RoutingPolicy.DEFAULT -> wanted.mode();
          case RoutingPolicy.LARGE_ONLY -> ChatMode.QUALITY;
          case RoutingPolicy.CHEAP_ONLY -> ChatMode.CHEAP;
        };
    return new ChatExchange(wanted.chat(), body, context, ports).answer(mode);
  }

  public void refresh() {
    for (ChatTask chat : byName.values()) {
      chat.weak().forEach(model -> model.gate().refresh());
      if (chat.semanticCache() != null) {
        chat.semanticCache().refresh();
      }
    }
    audits().forEach(ChatAudits::refresh);
  }

  /** The audits of the router, or of the cache, of this name; empty where there is none. */
  public Optional<ChatAudits> audits(String name) {
    return audits().filter(each -> each.queued().task().name().equals(name)).findFirst();
  }

  private Stream<ChatAudits> audits() {
    return byName.values().stream().flatMap(chat -> chat.audits().stream());
  }

  /** Forgets what is not to be kept any longer. */
  public void tidy() {
    for (ChatTask chat : byName.values()) {
      if (chat.semanticCache() != null) {
        chat.semanticCache().prune();
      }
    }
  }

  /** The chats' own names. */
  public List<String> tasks() {
    return List.copyOf(byName.keySet());
  }

  private Optional<Wanted> wanted(String model) {
    int colon = model.lastIndexOf(':');
    String name = colon < 0 ? model : model.substring(0, colon);
    Optional<ChatMode> mode =
        colon < 0 ? Optional.of(ChatMode.BALANCED) : ChatMode.of(model.substring(colon + 1));
    ChatTask chat =
        name.equals(AUTO) && !byName.isEmpty()
            ? byName.values().iterator().next()
            : byName.get(name);
    return chat == null ? Optional.empty() : mode.map(each -> new Wanted(chat, each));
  }

  @Override
  public void close() {
    ending.forEach(Runnable::run);
    byName.values().forEach(chat -> chat.upstreams().forEach(ChatUpstream::close));
  }
}
