package io.tierwise.gateway.chat;

import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Contract;
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

  private final String chat;
  private final Contract contract;
  private final Registry registry;
  private final GateStore gates;
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
   * What the router says of a prompt.
   *
   * @param weak whether the weak model may answer
   * @param confidence that the weak model will do
   * @param threshold that it had to reach; null where none is in force
   * @param certificate what an answer of the weak model stands under; null where none does
   * @param router its version; null where none was asked
   * @param gate as it was then
   */
  record Opinion(
      boolean weak,
      Confidence confidence,
      @Nullable Confidence threshold,
      @Nullable String certificate,
      @Nullable String router,
      Gate gate) {
    static final Opinion NONE =
        new Opinion(false, Confidence.NONE, null, null, null, new Gate.Shut("nobody was asked"));
  }

  public ChatGate(
      String chat, Contract contract, Registry registry, GateStore gates, Loader loader) {
    this.chat = chat;
    this.contract = contract;
    this.registry = registry;
    this.gates = gates;
    this.loader = loader;
  }

  /**
   * @param audited whether the router is asked although its gate is shut
   */
  Opinion of(ChatBody body, boolean audited) {
    State state = now;
    WinRouter router = state.router();
    String prompt = body.prompt();
    Gate.Open open = state.gate() instanceof Gate.Open found ? found : null;
    if (router == null || prompt.isBlank() || (open == null && !audited)) {
      return new Opinion(false, Confidence.NONE, null, null, null, state.gate());
    }
    Confidence confidence = router.weakWillDo(prompt, body.turns());
    String version = router.artifact().manifest().version();
    return open == null
        ? new Opinion(false, confidence, null, null, version, state.gate())
        : new Opinion(
            open.thresholds().pass(TierName.WEAK, confidence),
            confidence,
            open.thresholds().of(TierName.WEAK).orElse(null),
            open.certificate(),
            version,
            open);
  }

  /** The version of the live router; empty where there is none. */
  Optional<String> router() {
    return Optional.ofNullable(now.router()).map(router -> router.artifact().manifest().version());
  }

  /** Looks at once what other processes have moved. */
  public synchronized void refresh() {
    WinRouter router = follow(now.router());
    try {
      GateState state = gates.state(chat);
      boolean certified =
          router != null
              && router.artifact().manifest().version().equals(state.artifact())
              && state.gate() instanceof Gate.Open open
              && strictEnough(open.certificate());
      now =
          new State(
              router, certified ? state.gate() : new Gate.Shut("no certificate for the router"));
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the gate of " + chat + " cannot be read", e);
      now = new State(router, new Gate.Shut("its state cannot be read"));
    }
  }

  private boolean strictEnough(String certificate) {
    return gates
        .certificate(chat, certificate)
        .filter(kept -> kept.certificate().contract().implies(contract))
        .isPresent();
  }

  private @Nullable WinRouter follow(@Nullable WinRouter before) {
    try {
      Optional<Artifact> live = registry.resolve(chat, Registry.LIVE);
      if (live.isEmpty()) {
        return null;
      }
      String version = live.get().manifest().version();
      boolean same = before != null && before.artifact().manifest().version().equals(version);
      return same ? before : loader.load(live.get());
    } catch (IOException | RuntimeException e) {
      String words = Objects.toString(e.getMessage(), e.getClass().getName());
      if (!words.equals(trouble)) {
        LOG.log(System.Logger.Level.ERROR, "the router of " + chat + ": " + words, e);
      }
      trouble = words;
      return before;
    }
  }
}
