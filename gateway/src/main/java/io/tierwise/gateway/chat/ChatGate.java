package io.tierwise.gateway.chat;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.registry.Registry;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chat's live router and what it is certified for, as other processes move them. Without a
 * router, or without a certificate of this very router that implies the contract, the strong model
 * answers.
 */
public final class ChatGate {
  private static final System.Logger LOG = System.getLogger(ChatGate.class.getName());

  private final ChatContract contract;
  private final Registry registry;
  private final Loader loader;
  private volatile State now = new State(null, new Gate.Shut("its state was not read yet"));
  private @Nullable String trouble;

  /** Loads a router, with whatever it encodes prompts with. */
  @FunctionalInterface
  public interface Loader {
    WinRouter load(Artifact artifact) throws IOException;
  }

  /** What requests are routed by at one moment. */
  private record State(@Nullable WinRouter router, Gate gate) {}

  /**
   * @param contract under whose name the router is published
   */
  public ChatGate(ChatContract contract, Registry registry, Loader loader) {
    this.contract = contract;
    this.registry = registry;
    this.loader = loader;
  }

  /**
   * What the router says of a prompt.
   *
   * @param audited whether the router is asked although its gate is shut
   */
  Opinion of(ChatBody body, boolean audited) {
    State state = now;
    WinRouter router = state.router();
    String prompt = body.prompt();
    boolean asked = audited || state.gate() instanceof Gate.Open;
    if (router == null || prompt.isBlank() || !asked) {
      return Opinion.none(state.gate());
    }
    Confidence confidence = router.weakWillDo(prompt, body.turns());
    return Opinion.of(TierName.WEAK, confidence, version(router), state.gate());
  }

  /** What is held of a prompt that the router is not asked about. */
  Opinion unasked() {
    return Opinion.none(now.gate());
  }

  /** The version of the live router; empty where there is none. */
  Optional<String> router() {
    return Optional.ofNullable(now.router()).map(ChatGate::version);
  }

  /** Looks at once what the audits say and what other processes have moved. */
  synchronized void refresh() {
    WinRouter router = follow(now.router());
    now = new State(router, contract.look(router == null ? null : version(router)));
  }

  private static String version(WinRouter router) {
    return router.artifact().manifest().version();
  }

  private @Nullable WinRouter follow(@Nullable WinRouter before) {
    try {
      Optional<Artifact> live = registry.resolve(contract.name(), Registry.LIVE);
      if (live.isEmpty()) {
        return null;
      }
      boolean same = before != null && version(before).equals(live.get().manifest().version());
      return same ? before : loader.load(live.get());
    } catch (IOException | RuntimeException e) {
      String words = Objects.toString(e.getMessage(), e.getClass().getName());
      if (!words.equals(trouble)) {
        LOG.log(System.Logger.Level.ERROR, "the router of " + contract.name() + ": " + words, e);
      }
      trouble = words;
      return before;
    }
  }
}
