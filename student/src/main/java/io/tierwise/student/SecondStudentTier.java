package io.tierwise.student;

import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import io.tierwise.student.model.Predictor;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The second of two students in line as a tier; not there while the live student is alone. */
public final class SecondStudentTier implements Tier {
  private final Supplier<Optional<? extends Predictor>> second;
  private final StudentTier tier;

  /**
   * @param live the student that answers before it
   * @param ticker monotonic nanoseconds
   */
  public SecondStudentTier(
      Supplier<? extends Optional<? extends Predictor>> live, LongSupplier ticker) {
    this.second = () -> live.get().flatMap(Predictor::second);
    this.tier = new StudentTier(second, ticker);
  }

  @Override
  public Attempt attempt(InferenceRequest request) {
    return tier.attempt(request);
  }

  @Override
  public boolean present() {
    return second.get().isPresent();
  }
}
