package io.tierwise.router.drift;

import io.tierwise.router.Requirement;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditMonitor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Watches how many texts are strange to a student: those that it is as unsure of as of the most
 * doubtful tenth of all before them. Whatever the traffic, while it stays exchangeable the rank of
 * a text's confidence among all so far, with ties broken at random, is uniform and independent of
 * the ranks before it (Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005,
 * theorem 8.1), so a tenth of the texts are in the lowest tenth, and {@link AuditMonitor} hears it
 * when more are. A pure fold.
 *
 * @param counts of the confidences so far, by their log-odds, the least sure first
 * @param monitor of the event "it is among the lowest tenth"
 */
public record Strangeness(List<Long> counts, AuditMonitor monitor) {
  /** The share of texts that are strange in a calm. */
  public static final double LOWEST = 0.1;

  private static final int GRADES = 64;

  /** Log-odds beyond which confidences are told apart no more. */
  private static final double SUREST = 12;

  public Strangeness {
    counts = List.copyOf(counts);
  }

  /**
   * @param alpha the probability of ever calling a calm strange
   */
  public static Strangeness starting(double alpha) {
    return new Strangeness(Collections.nCopies(GRADES, 0L), AuditMonitor.starting(LOWEST, alpha));
  }

  /**
   * The state after one more text.
   *
   * @param tie in [0, 1), drawn at random: breaks ties among confidences
   */
  public Strangeness observe(Confidence confidence, double tie) {
    Requirement.closedUnit("strangeness.tie", tie);
    int grade = grade(confidence.value());
    List<Long> next = new ArrayList<>(counts);
    next.set(grade, next.get(grade) + 1);
    long below = 0;
    long all = 0;
    for (int k = 0; k < GRADES; k++) {
      below += k < grade ? next.get(k) : 0;
      all += next.get(k);
    }
    double rank = (below + tie * next.get(grade)) / all;
    return new Strangeness(next, monitor.observe(rank <= LOWEST));
  }

  /** Whether more texts are strange than in a calm. */
  public boolean rang() {
    return monitor.rang();
  }

  private static int grade(double confidence) {
    double odds = Math.log(confidence / (1 - confidence));
    double place = (Math.clamp(odds, -SUREST, SUREST) + SUREST) / (2 * SUREST);
    return Math.min(GRADES - 1, (int) (place * GRADES));
  }
}
