package io.tierwise.router.testing;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A tier that does what it is told, and counts how often. Thread-safe as its script is. */
public final class ScriptedTier implements Tier {
  /** One call that takes no time. */
  public static final Usage CALL = Usage.call(Duration.ZERO);

  private final Supplier<Attempt> script;
  private final AtomicInteger attempts = new AtomicInteger();

  public ScriptedTier(Supplier<Attempt> script) {
    this.script = script;
  }

  /** Always gives this label, this sure; its version is {@code v1}. */
  public static ScriptedTier proposing(String label, double confidence) {
    Attempt proposal = proposal(label, confidence, CALL, Usage.NONE);
    return new ScriptedTier(() -> proposal);
  }

  /** Always answers what the large model once gave this label for. */
  public static ScriptedTier remembering(String label, Usage largeUsage) {
    Attempt proposal = proposal(label, 1, CALL, largeUsage);
    return new ScriptedTier(() -> proposal);
  }

  /** Always gives this label, fully sure, and takes this much. */
  public static ScriptedTier using(String label, Usage usage) {
    Attempt proposal = proposal(label, 1, usage, Usage.NONE);
    return new ScriptedTier(() -> proposal);
  }

  public static ScriptedTier missing() {
    return new ScriptedTier(() -> new Attempt.Missed(CALL));
  }

  public static ScriptedTier unavailable(Attempt.Cause cause) {
    return new ScriptedTier(() -> new Attempt.Unavailable(cause, "scripted", Usage.NONE));
  }

  /** Has a bug. */
  public static ScriptedTier throwing(RuntimeException bug) {
    return new ScriptedTier(() -> {
      throw bug;
    });
  }

  private static Attempt proposal(String label, double confidence, Usage usage, Usage largeUsage) {
    return new Attempt.Proposed(answer(label), new Confidence(confidence), usage, "v1", largeUsage);
  }

  /** A label with all weight on it. */
  public static Answer answer(String label) {
    Label value = new Label(label);
    return new Answer.Classified(value, Distribution.certain(value));
  }

  @Override
  public Attempt attempt(InferenceRequest request) {
    attempts.incrementAndGet();
    return script.get();
  }

  /** How often it was tried. */
  public int attempts() {
    return attempts.get();
  }
}
