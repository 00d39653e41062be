package io.tierwise.bench.trace;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Who answers, and what it takes of the gateway's processors.
 *
 * @param exactShare of requests that the exact cache answers, in [0, 1]
 * @param studentShare of requests that the student answers, in [0, 1]
 * @param exact processor time of an answer from the exact cache
 * @param student processor time of a student's answer
 * @param escalation processor time of a request that goes to the large tier
 * @param cores of the gateway
 */
public record Tiers(
    double exactShare,
    double studentShare,
    Duration exact,
    Duration student,
    Duration escalation,
    int cores) {
  public Tiers {
    Requirement.closedUnit("exactShare", exactShare);
    Requirement.closedUnit("studentShare", studentShare);
    if (exactShare + studentShare > 1) {
      throw new InvalidValueException(
          "studentShare",
          "with the exact cache's it is " + (exactShare + studentShare),
          "give shares of at most 1 together");
    }
    Requirement.notNegative("exact", exact.toNanos());
    Requirement.notNegative("student", student.toNanos());
    Requirement.notNegative("escalation", escalation.toNanos());
    Requirement.positive("cores", cores);
  }

  /** The same gateway where the large tier answers everything. */
  Tiers withoutCheapOnes() {
    return new Tiers(0, 0, exact, student, escalation, cores);
  }

  /** Who answers one request. */
  Answer draw(RandomGenerator random) {
    double drawn = random.nextDouble();
    if (drawn < exactShare) {
      return Answer.EXACT_CACHE;
    }
    return drawn < exactShare + studentShare ? Answer.STUDENT : Answer.LARGE;
  }

  long nanos(Answer answer) {
    return switch (answer) {
      case EXACT_CACHE -> exact.toNanos();
      case STUDENT -> student.toNanos();
      case LARGE -> escalation.toNanos();
    };
  }

  /** The tier that answers. */
  enum Answer {
    EXACT_CACHE,
    STUDENT,
    LARGE
  }
}
