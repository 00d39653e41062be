package io.tierwise.gateway;

import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Puts a share of the audited requests before people, by chance and before anyone knows what they
 * will say.
 *
 * @param rate 0 for none
 * @param kept how long a text may be kept
 */
record ReviewDraw(ReviewStore store, double rate, Duration kept, RandomGenerator random) {
  private static final System.Logger LOG = System.getLogger(ReviewDraw.class.getName());

  void draw(InferenceRequest request, Decision.Answered given) {
    if (rate == 0
        || !given.receipt().audited()
        || !request.context().cache().write()
        || !(request instanceof InferenceRequest.Classify classify)
        || !(classify.input() instanceof Input.Text text)
        || !(given.answer() instanceof Answer.Classified answer)
        || random.nextDouble() >= rate) {
      return;
    }
    try {
      store.draw(
          request.task().name(),
          request.context().id(),
          request.context().tenant(),
          text.value(),
          answer.label(),
          kept);
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "a request could not be put before people", e);
    }
  }
}
