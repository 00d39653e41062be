package io.tierwise.bench.demo;

import io.tierwise.bench.Outcome;
import io.tierwise.bench.demo.Stream.Utterance;
import io.tierwise.bench.demo.SupportDeskClient.Reply;
import io.tierwise.distill.Progress;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A part of the stream, as the client saw it answered. */
final class Phase {
  private final String name;
  private final List<Asked> asked = new ArrayList<>();
  private final Map<TierName, Histogram> micros = new EnumMap<>(TierName.class);
  private final Map<TierName, Money> costs = new EnumMap<>(TierName.class);
  private Money cost = Money.ZERO;
  private Money allLarge = Money.ZERO;

  private record Asked(Utterance utterance, Reply reply) {}

  Phase(String name) {
    this.name = name;
  }

  /** Asks one after the other: the order, and so the figures, are the seed's. */
  Phase run(SupportDeskClient client, List<Utterance> requests, Progress progress) {
    for (Utterance utterance : requests) {
      Reply reply = client.ask(utterance.text());
      asked.add(new Asked(utterance, reply));
      micros
          .computeIfAbsent(reply.tier(), tier -> new Histogram(3))
          .recordValue(reply.nanos() / 1000);
      costs.merge(reply.tier(), reply.cost(), Money::plus);
      cost = cost.plus(reply.cost());
      allLarge = allLarge.plus(reply.cost()).plus(reply.saved());
      progress.report(name, asked.size(), requests.size());
    }
    return this;
  }

  Money cost() {
    return cost;
  }

  Money allLarge() {
    return allLarge;
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "   %-12s %9s %7s %10s %10s %16s%n",
        "tier",
        "requests",
        "share",
        "p50 ms",
        "p99 ms",
        "$ per 1,000");
    micros.forEach((tier, latency) ->
        out.printf(
            Locale.ROOT,
            "   %-12s %9d %6.1f%% %10.2f %10.2f %16s%n",
            tier.text(),
            latency.getTotalCount(),
            100.0 * latency.getTotalCount() / asked.size(),
            latency.getValueAtPercentile(50) / 1000.0,
            latency.getValueAtPercentile(99) / 1000.0,
            perThousand(costs.getOrDefault(tier, Money.ZERO), latency.getTotalCount())));
    out.flush();
  }

  /**
   * @param references the large model's answer to every text of this phase
   */
  Outcome outcome(
      Map<String, Label> references, double epsilon, boolean certified, double trainSeconds) {
    Map<TierName, Long> servedBy = new EnumMap<>(TierName.class);
    long disagreements = 0;
    long right = 0;
    long largeRight = 0;
    for (Asked one : asked) {
      Label reference = references.get(one.utterance().text());
      servedBy.merge(one.reply().tier(), 1L, Long::sum);
      disagreements += one.reply().label().equals(reference) ? 0 : 1;
      right += one.reply().label().equals(one.utterance().human()) ? 1 : 0;
      largeRight += one.utterance().human().equals(reference) ? 1 : 0;
    }
    double n = asked.size();
    return new Outcome(
        asked.size(),
        servedBy,
        disagreements / n,
        epsilon,
        certified,
        right / n,
        largeRight / n,
        cost,
        allLarge,
        trainSeconds);
  }

  /** Share of one tier's own answers that differ from the large model's; 0 when it gave none. */
  double disagreementOf(TierName tier, Map<String, Label> references) {
    long given = asked.stream().filter(one -> one.reply().tier() == tier).count();
    long differ =
        asked.stream()
            .filter(one -> one.reply().tier() == tier)
            .filter(one -> !one.reply().label().equals(references.get(one.utterance().text())))
            .count();
    return given == 0 ? 0 : (double) differ / given;
  }

  static String perThousand(Money amount, long requests) {
    return amount.times(1000).share(BigDecimal.valueOf(requests)).rounded(5);
  }
}
