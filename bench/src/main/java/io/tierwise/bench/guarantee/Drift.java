package io.tierwise.bench.guarantee;

import io.tierwise.distill.Progress;
import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.AuditMonitor;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How many audits pass from a drift to the shut gate, and how often a calm one is shut. */
public final class Drift {
  /** A stream in which nothing happens is followed for so many audits. */
  private static final int CALM = 5_000;

  private static final int NEVER = 100_000;
  private static final Gate OPEN = new Gate.Open(Thresholds.NONE, "bench");

  private Drift() {}

  /**
   * What to measure.
   *
   * @param auditRate q
   * @param streams with a drift, of each kind
   * @param calmStreams without one
   */
  public record Spec(
      double epsilon, double auditRate, double alpha, int streams, int calmStreams, long seed) {}

  /** Whether each next request is lost; endless. */
  interface Losses {
    boolean next(RandomGenerator random);
  }

  /**
   * A kind of drift.
   *
   * @param risk true share of all answers that are lost after it
   */
  record Kind(String name, Losses before, Losses after, double calmRisk, double risk) {}

  /**
   * Streams of one kind.
   *
   * @param calm audits before the drift
   * @param median audits from the drift to the shut gate; {@code worst} of all streams
   * @param requests in the median
   */
  public record Heard(
      String kind, double calmRisk, double risk, int calm, int median, int worst, int requests) {}

  /**
   * Streams without a drift.
   *
   * @param allowed α and three standard errors of the share
   */
  public record Calm(String kind, double risk, int streams, double alarms, double allowed) {}

  /**
   * All that was measured.
   *
   * @param naming of the first data set; null without one
   */
  public record Measured(List<Heard> heard, List<Calm> calm, Naming.@Nullable Measured naming) {}

  static Losses chance(double risk) {
    return random -> random.nextDouble() < risk;
  }

  static Measured run(Spec spec, List<Kind> kinds, Progress progress) {
    List<Heard> heard = new ArrayList<>();
    List<Calm> calm = new ArrayList<>();
    for (Kind kind : kinds) {
      for (int before : new int[] {500, CALM}) {
        heard.add(heard(spec, kind, before, progress));
      }
      calm.add(calm(spec, kind.name(), kind.before(), kind.calmRisk(), progress));
    }
    calm.add(calm(spec, "risk of ε itself", chance(spec.epsilon()), spec.epsilon(), progress));
    return new Measured(heard, calm, null);
  }

  private static Heard heard(Spec spec, Kind kind, int before, Progress progress) {
    SplittableRandom random = new SplittableRandom(spec.seed());
    int[] audits = new int[spec.streams()];
    int[] requests = new int[spec.streams()];
    for (int stream = 0; stream < audits.length; stream++) {
      AuditMonitor monitor = AuditMonitor.starting(spec.epsilon(), spec.alpha());
      while (monitor.audits() < before) {
        monitor = monitor.observe(kind.before().next(random));
      }
      // A false alarm in the calm is counted apart; here the gate is open when the drift comes.
      monitor = silent(monitor);
      AuditCoin coin = new AuditCoin(random, 0, spec.auditRate());
      while (!monitor.rang() && audits[stream] < NEVER) {
        requests[stream]++;
        if (coin.flip(OPEN)) {
          audits[stream]++;
          monitor = monitor.observe(kind.after().next(random));
        }
      }
      progress.report(kind.name() + " after " + before + " audits", stream + 1L, audits.length);
    }
    Arrays.sort(audits);
    Arrays.sort(requests);
    return new Heard(
        kind.name(),
        kind.calmRisk(),
        kind.risk(),
        before,
        audits[audits.length / 2],
        audits[audits.length - 1],
        requests[requests.length / 2]);
  }

  private static AuditMonitor silent(AuditMonitor monitor) {
    return new AuditMonitor(
        monitor.epsilon(),
        monitor.alpha(),
        monitor.audits(),
        monitor.bet(),
        monitor.recentRisk(),
        false);
  }

  private static Calm calm(Spec spec, String kind, Losses losses, double risk, Progress progress) {
    SplittableRandom random = new SplittableRandom(spec.seed() + 1);
    int alarms = 0;
    for (int stream = 0; stream < spec.calmStreams(); stream++) {
      AuditMonitor monitor = AuditMonitor.starting(spec.epsilon(), spec.alpha());
      while (!monitor.rang() && monitor.audits() < CALM) {
        monitor = monitor.observe(losses.next(random));
      }
      alarms += monitor.rang() ? 1 : 0;
      progress.report("calm: " + kind, stream + 1L, spec.calmStreams());
    }
    int streams = spec.calmStreams();
    return new Calm(
        kind,
        risk,
        streams,
        (double) alarms / streams,
        spec.alpha() + 3 * Math.sqrt(spec.alpha() * (1 - spec.alpha()) / streams));
  }
}
