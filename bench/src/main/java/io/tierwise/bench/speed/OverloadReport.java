package io.tierwise.bench.speed;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.load.Measured;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What an overload left of the peak.
 *
 * @param times how many times as much came as could be done
 * @param batch texts in a request
 * @param restBytes resident, warm and before any overload
 * @param mostBytes resident, the most of the whole run
 */
public record OverloadReport(
    double times, int batch, List<Round> rounds, long restBytes, long mostBytes) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double MILLI = 1000;

  public OverloadReport {
    rounds = List.copyOf(rounds);
  }

  /**
   * One after the other.
   *
   * @param peak as many requests as it answered
   * @param over more of them
   */
  public record Round(Measured peak, Measured over) {
    double ratio() {
      return over.perSecond() / peak.perSecond();
    }
  }

  private double median(ToDoubleFunction<Round> figure) {
    return Rounds.median(rounds.stream().mapToDouble(figure).toArray());
  }

  public String text() {
    return """
    requests of %d texts            peak    at %.1f times
    answers a second        %12.0f %14.0f   ratio %.2f
    p99 of an answer, ms    %12.1f %14.1f
    refusals a second       %12s %14.0f
    p99 of a refusal, ms    %12s %14.1f   from when its request was written
                            %12s %14.1f   from when it was due
    resident memory, MB     %12d %14d   (before; most)
    """
        .formatted(
            batch,
            times,
            median(each -> each.peak().perSecond()),
            median(each -> each.over().perSecond()),
            median(Round::ratio),
            median(each -> each.peak().p99() / MILLI),
            median(each -> each.over().p99() / MILLI),
            "",
            median(OverloadReport::refusals),
            "",
            median(each -> each.over().failureOfSentP99() / MILLI),
            "",
            median(each -> each.over().failureP99() / MILLI),
            restBytes >> 20,
            mostBytes >> 20);
  }

  private static double refusals(Round round) {
    return round.over().failures() * round.over().perSecond() / Math.max(1, round.over().answers());
  }

  public ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("goodputToPeak", median(Round::ratio));
    root.put("times", times).put("batch", batch);
    root.put("restBytes", restBytes).put("mostBytes", mostBytes);
    root.put("refusalP99Micros", median(each -> each.over().failureP99()));
    root.put("refusalOfSentP99Micros", median(each -> each.over().failureOfSentP99()));
    var list = root.putArray("rounds");
    for (Round round : rounds) {
      ObjectNode node = list.addObject();
      node.set("peak", round.peak().json());
      node.set("over", round.over().json());
    }
    return root;
  }
}
