package io.tierwise.bench.replay;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.References;
import io.tierwise.router.tier.Tier;
import java.text.Normalizer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The exact cache of one replay: in memory, one tenant, one task, no expiry. One thread. */
final class RecordedCache implements Tier, References {
  private final Map<String, Attempt.Proposed> answers = new HashMap<>();

  void put(String text, Attempt.Proposed answer) {
    answers.put(key(text), cached(answer));
  }

  @Override
  public Attempt attempt(InferenceRequest request) {
    Attempt.Proposed answer = answers.get(key(text(request)));
    return answer == null ? new Attempt.Missed(Usage.call(Duration.ZERO)) : answer;
  }

  @Override
  public void observe(Reference reference) {
    put(text(reference.request()), reference.proposal());
  }

  private static Attempt.Proposed cached(Attempt.Proposed large) {
    return new Attempt.Proposed(
        large.answer(), Confidence.FULL, Usage.call(Duration.ZERO), large.version(), large.usage());
  }

  private static String key(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC).strip();
  }

  private static String text(InferenceRequest request) {
    if (request instanceof InferenceRequest.Classify classify
        && classify.input() instanceof Input.Text text) {
      return text.value();
    }
    throw new IllegalStateException("a replay sends texts only");
  }
}
