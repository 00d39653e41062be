package io.tierwise.student;

import ai.djl.engine.EngineException;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Predictor;
import io.tierwise.student.model.PredictorException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live student of one task as a tier. It misses where there is none, or none that can read. */
public final class StudentTier implements Tier {
  private static final Logger LOG = LoggerFactory.getLogger(StudentTier.class);
  private static final Attempt MISSED = new Attempt.Missed(Usage.NONE);

  private final Supplier<? extends Optional<? extends Predictor>> live;
  private final LongSupplier ticker;

  /**
   * @param live the student to ask now; it may be closed at any time once another is in its place
   * @param ticker monotonic nanoseconds
   */
  public StudentTier(Supplier<? extends Optional<? extends Predictor>> live, LongSupplier ticker) {
    this.live = live;
    this.ticker = ticker;
  }

  @Override
  public Attempt attempt(InferenceRequest request) {
    return switch (request) {
      case InferenceRequest.Classify classify ->
          live.get()
              .<Predictor>map(student -> student)
              .filter(student -> student.reads(classify.input()))
              .map(student -> ask(student, classify))
              .orElse(MISSED);
      case InferenceRequest.Chat chat -> MISSED;
    };
  }

  private Attempt ask(Predictor student, InferenceRequest.Classify request) {
    long start = ticker.getAsLong();
    try {
      Prediction prediction = student.predict(List.of(request.input())).getFirst();
      return answer(student, request, prediction, usage(start));
    } catch (PredictorException e) {
      LOG.warn("student {} of {}: {}", student.version(), request.task().name(), e.getMessage());
      return new Attempt.Unavailable(e.reason(), String.valueOf(e.getMessage()), usage(start));
    } catch (EngineException | IllegalStateException e) {
      // Closed in this very moment for another, or a graph that fails: the large model answers.
      LOG.warn("student {} of {} failed", student.version(), request.task().name(), e);
      return new Attempt.Unavailable(
          Attempt.Cause.FAILED, String.valueOf(e.getMessage()), usage(start));
    } catch (OutOfMemoryError e) {
      // What asked for too much has got nothing of it: the others go on, and so can this request.
      LOG.warn("student {} of {} had no memory", student.version(), request.task().name());
      return new Attempt.Unavailable(Attempt.Cause.FAILED, "no memory was left", usage(start));
    }
  }

  private static Attempt answer(
      Predictor student, InferenceRequest.Classify request, Prediction prediction, Usage usage) {
    if (request.task().indexOf(prediction.label()) < 0) {
      return new Attempt.Unavailable(
          Attempt.Cause.UNUSABLE_ANSWER,
          "'" + prediction.label() + "' is no label of " + request.task().name(),
          usage);
    }
    return new Attempt.Proposed(
        new Answer.Classified(prediction.label(), prediction.distribution()),
        prediction.confidence(),
        usage,
        student.version());
  }

  private Usage usage(long start) {
    return Usage.call(Duration.ofNanos(ticker.getAsLong() - start));
  }
}
