package io.tierwise.bench.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.load.Measured;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What a soak left behind.
 *
 * @param kinds every kind of request by its name
 * @param states of the gateway, one after each round of all kinds
 * @param turnedAway requests refused before any work, for there was too much: not in the ledger
 */
public record SoakReport(
    Map<String, Kind> kinds, List<ProcessState> states, long turnedAway, LedgerCount ledger) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int THIRD = 3;

  public SoakReport {
    kinds = Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
    states = List.copyOf(states);
  }

  /**
   * What became of one kind of request.
   *
   * @param refused answered with another status than 200, as where the large model failed
   * @param unanswered whose answer never came whole
   */
  public record Kind(long sent, long answered, long refused, long unanswered) {
    private static final Kind NONE = new Kind(0, 0, 0, 0);

    Kind plus(Measured turn) {
      long answers = answered + turn.answers();
      long nothing = unanswered + turn.unanswered();
      long all = sent + turn.sent();
      return new Kind(all, answers, all - answers - nothing, nothing);
    }
  }

  /** Gathers a soak's turns. */
  static final class Builder {
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final List<ProcessState> states = new ArrayList<>();
    private long turnedAway;

    void turn(String kind, Measured turn) {
      kinds.merge(kind, Kind.NONE.plus(turn), (before, now) -> before.plus(turn));
    }

    void state(ProcessState state) {
      states.add(state);
    }

    void turnedAway(long requests) {
      turnedAway = requests;
    }

    SoakReport build(LedgerCount ledger) {
      return new SoakReport(kinds, states, turnedAway, ledger);
    }
  }

  private long sum(ToLongFunction<Kind> figure) {
    return kinds.values().stream().mapToLong(figure).sum();
  }

  /** Requests whose answer came, and that the ledger does not have. */
  public long lost() {
    long answered = sum(Kind::sent) - sum(Kind::unanswered) - turnedAway;
    return Math.max(0, answered - ledger.requests());
  }

  /** Entries beyond the first of a request. */
  public long doubled() {
    return ledger.entries() - ledger.requests();
  }

  /** A figure's median over the last third of the soak by that over the first; 1 is flat. */
  double growth(ToLongFunction<ProcessState> figure) {
    int part = Math.max(1, states.size() / THIRD);
    double first = median(states.subList(0, Math.min(part, states.size())), figure);
    double last = median(states.subList(states.size() - part, states.size()), figure);
    return last / first;
  }

  private static double median(List<ProcessState> states, ToLongFunction<ProcessState> figure) {
    return Rounds.median(states.stream().mapToDouble(figure::applyAsLong).toArray());
  }

  public String text() {
    StringBuilder text = new StringBuilder();
    kinds.forEach((name, kind) ->
        text.append(
            String.format(
                Locale.ROOT,
                "%-14s %,12d answered %,9d refused %,6d without an answer%n",
                name,
                kind.answered(),
                kind.refused(),
                kind.unanswered())));
    return text.append(
            String.format(
                Locale.ROOT,
                "ledger         %,12d entries, %d lost, %d doubled; %d turned away%n",
                ledger.entries(),
                lost(),
                doubled(),
                turnedAway))
        .append(line("heap, MB", state -> state.heapBytes() >> 20))
        .append(line("resident, MB", state -> state.residentBytes() >> 20))
        .append(line("threads", ProcessState::threads))
        .append(line("descriptors", ProcessState::descriptors))
        .toString();
  }

  private String line(String name, ToLongFunction<ProcessState> figure) {
    return String.format(
        Locale.ROOT,
        "%-14s %d to %d, last third to first %.3f%n",
        name,
        figure.applyAsLong(states.getFirst()),
        figure.applyAsLong(states.getLast()),
        growth(figure));
  }

  public JsonNode json() {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode all = root.putObject("kinds");
    kinds.forEach((name, kind) ->
        all.putObject(name)
            .put("sent", kind.sent())
            .put("answered", kind.answered())
            .put("refused", kind.refused())
            .put("unanswered", kind.unanswered()));
    root.put("entries", ledger.entries()).put("lost", lost()).put("doubled", doubled());
    root.put("turnedAway", turnedAway);
    root.put("rounds", states.size());
    root.put("heapGrowth", growth(ProcessState::heapBytes));
    root.put("residentGrowth", growth(ProcessState::residentBytes));
    root.put("threadsGrowth", growth(ProcessState::threads));
    root.put("descriptorsGrowth", growth(ProcessState::descriptors));
    var list = root.putArray("states");
    for (ProcessState state : states) {
      list.addObject()
          .put("heapBytes", state.heapBytes())
          .put("residentBytes", state.residentBytes())
          .put("threads", state.threads())
          .put("descriptors", state.descriptors());
    }
    return root;
  }
}
