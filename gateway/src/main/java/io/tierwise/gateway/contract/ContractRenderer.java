package io.tierwise.gateway.contract;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.store.Accuracy;
import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.NamedDrift;
import io.tierwise.gateway.store.Slice;
import io.tierwise.gateway.store.Watch;
import io.tierwise.router.contract.AlarmDelay;
import io.tierwise.router.contract.BinomialInterval;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Over;
import io.tierwise.router.cost.Money;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** A contract's standing, for programs and for people. */
public final class ContractRenderer {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double CONFIDENCE = 0.95;

  /** The drift that the expected delay is told for, in ε. */
  private static final double DRIFT = 3;

  /** The delay is a simulation, and the same state is to show the same figure. */
  private static final long SEED = 20_260_223;

  private static final MathContext THREE_DIGITS = new MathContext(3);
  private static final String INDENT = System.lineSeparator() + " ".repeat(13);

  private ContractRenderer() {}

  /** One object; what is not known is null. */
  public static ObjectNode json(ContractStatus status) {
    ObjectNode root = JSON.createObjectNode();
    root.put("task", status.task());
    root.put("epsilon", status.contract().epsilon());
    root.put("delta", status.contract().delta());
    root.put("over", status.contract().over().text());
    root.put("loss", loss(status.chat()));
    root.put("gate", gate(status.gate().gate()));
    root.put("reason", status.gate().reason());
    root.put("since", status.gate().since().toString());
    root.put("artifact", status.gate().artifact());
    root.put("tests_spent", status.testsSpent());
    KeptCertificate certificate = status.certificate();
    root.set("certificate", certificate == null ? null : json(certificate));
    Watch watch = status.watch();
    root.set("watch", watch == null ? null : json(watch, status.auditing()));
    Alarm alarm = status.lastAlarm();
    root.set("last_alarm", alarm == null ? null : json(alarm));
    ObjectNode audits = json(status.auditing());
    share(audits, "asked_twice", status.repeats().differed(), status.repeats().asked());
    root.set("audits", audits);
    ObjectNode people = root.putObject("accuracy");
    share(people, "reviewed", status.reviewed().right(), status.reviewed().judged());
    share(people, "volunteered", status.volunteered().right(), status.volunteered().judged());
    ArrayNode slices = root.putArray("tenants");
    for (Slice slice : status.slices()) {
      ObjectNode node = slices.addObject();
      node.put("tenant", slice.tenant());
      node.put("certificate", slice.certificate());
      node.put("samples", slice.samples());
      node.put("needed", slice.needed());
      node.put("reason", slice.reason());
    }
    ArrayNode drifts = root.putArray("drifts");
    for (NamedDrift drift : status.drifts()) {
      ObjectNode node = drifts.addObject();
      node.put("kind", drift.kind().text());
      node.put("detail", drift.detail());
      node.put("at", drift.at().toString());
    }
    root.set("flywheel", FlywheelRenderer.json(status.flywheel()));
    return root;
  }

  /**
   * What counts against a contract.
   *
   * @param chat whether it is a chat's router's
   */
  public static String loss(boolean chat) {
    return chat ? "worse" : "different";
  }

  /** A certificate with its evidence. */
  public static ObjectNode json(KeptCertificate kept) {
    Certificate certificate = kept.certificate();
    ObjectNode node = JSON.createObjectNode();
    node.put("id", kept.id());
    node.put("artifact", kept.artifact());
    node.put("at", kept.at().toString());
    node.put("epsilon", certificate.contract().epsilon());
    node.put("delta", certificate.contract().delta());
    node.put("over", certificate.contract().over().text());
    node.put("test", certificate.testIndex());
    node.put("delta_spent", certificate.deltaSpent());
    node.put("samples", certificate.samples());
    node.put("losses", certificate.losses());
    node.put("p_value", certificate.pValue());
    node.put("coverage", certificate.coverage());
    ObjectNode thresholds = node.putObject("thresholds");
    certificate
        .thresholds()
        .byTier()
        .forEach((tier, threshold) -> thresholds.put(tier.text(), threshold.value()));
    return node;
  }

  private static ObjectNode json(Auditing auditing) {
    ObjectNode node = JSON.createObjectNode();
    node.put("rate", auditing.rate());
    node.put("rate_now", auditing.now());
    Money limit = auditing.dailyLimit();
    node.put("daily_limit_usd", limit == null ? null : limit.usd().toPlainString());
    node.put("spent_today_usd", auditing.spentToday().usd().toPlainString());
    return node;
  }

  private static ObjectNode json(Watch watch, Auditing auditing) {
    ObjectNode node = JSON.createObjectNode();
    node.put("audits", watch.audits());
    share(node, "disagreement", watch.lost(), watch.audits());
    share(node, "among_cheap_answers", watch.lost(), watch.answered());
    share(node, "large_with_itself", watch.contradicted(), watch.repeated());
    node.put("evidence", watch.monitor().evidence());
    node.put("rings_at", 1 / watch.monitor().alpha());
    ObjectNode delay = node.putObject("audits_to_an_alarm");
    delay.put("at_disagreement", drift(watch));
    OptionalInt median = delay(watch);
    delay.put("median", median.isPresent() ? (Integer) median.getAsInt() : null);
    OptionalLong requests = requests(median, auditing);
    delay.put("requests", requests.isPresent() ? (Long) requests.getAsLong() : null);
    return node;
  }

  private static void share(ObjectNode node, String name, long count, long of) {
    BinomialInterval interval = interval(count, of);
    ObjectNode share = node.putObject(name);
    share.put("count", count);
    share.put("of", of);
    share.put("lower", interval.lower());
    share.put("upper", interval.upper());
  }

  private static ObjectNode json(Alarm alarm) {
    ObjectNode node = JSON.createObjectNode();
    node.put("at", alarm.at().toString());
    node.put("certificate", alarm.certificate());
    node.put("evidence", alarm.evidence());
    node.put("audits", alarm.audits());
    node.put("lost", alarm.lost());
    return node;
  }

  /** A few lines. */
  public static String text(ContractStatus status) {
    List<String> lines = new ArrayList<>();
    lines.add(
        status.task()
            + ": at most "
            + percent(status.contract().epsilon())
            + (status.contract().over() == Over.ALL ? " of all answers" : " of the cheap answers")
            + (status.chat() ? " are worse than the strong" : " differ from the large")
            + " model's, at confidence "
            + percent(1 - status.contract().delta()));
    lines.add(
        "gate         %s since %s: %s"
            .formatted(gate(status.gate().gate()), status.gate().since(), status.gate().reason()));
    KeptCertificate kept = status.certificate();
    lines.add(
        "certificate  "
            + (kept == null ? "none (" + status.testsSpent() + " tests spent)" : words(kept)));
    Watch watch = status.watch();
    lines.add("audits       " + words(status.auditing()));
    if (status.repeats().asked() > 0) {
      lines.add(
          "asked twice  " + words(status.repeats().differed(), status.repeats().asked(), "differ"));
    }
    addPeople(lines, "people say  ", status.reviewed());
    addPeople(lines, "volunteered ", status.volunteered());
    for (Slice slice : status.slices()) {
      lines.add("tenant       " + words(slice));
    }
    lines.add("since then   " + (watch == null ? "no audit yet" : since(status, watch)));
    Alarm alarm = status.lastAlarm();
    if (alarm != null) {
      lines.add(
          "last alarm   %s: %d of %d audits lost under %s"
              .formatted(alarm.at(), alarm.lost(), alarm.audits(), alarm.certificate()));
    }
    for (NamedDrift drift : status.drifts()) {
      lines.add(
          "drift        %s: %s: %s".formatted(drift.at(), drift.kind().text(), drift.detail()));
    }
    if (status.flywheel().enabled()) {
      lines.add("flywheel     " + FlywheelRenderer.text(status.flywheel(), INDENT));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static void addPeople(List<String> lines, String who, Accuracy accuracy) {
    if (accuracy.judged() > 0) {
      BinomialInterval interval = interval(accuracy.right(), accuracy.judged());
      lines.add(
          "%s %d of %d answers are right (95 %%: %s to %s)"
              .formatted(
                  who,
                  accuracy.right(),
                  accuracy.judged(),
                  percent(interval.lower()),
                  percent(interval.upper())));
    }
  }

  private static String words(Slice slice) {
    return slice.certificate() == null
        ? "%s: none, the large model answers (%s; %d audits, at least %d needed)"
            .formatted(slice.tenant(), slice.reason(), slice.samples(), slice.needed())
        : "%s: %s on %d audits".formatted(slice.tenant(), slice.certificate(), slice.samples());
  }

  private static String words(KeptCertificate kept) {
    Certificate certificate = kept.certificate();
    return String.format(
        Locale.ROOT,
        "%s of %s, for artifact %s; covers %s"
            + INDENT
            + "test %d: %d of %d audits lost, p = %.4g at most %.4g",
        kept.id(),
        kept.at(),
        kept.artifact(),
        percent(certificate.coverage()),
        certificate.testIndex(),
        certificate.losses(),
        certificate.samples(),
        certificate.pValue(),
        certificate.deltaSpent());
  }

  private static String words(Auditing auditing) {
    Money limit = auditing.dailyLimit();
    String rate = percent(auditing.rate()) + " of requests";
    if (limit == null) {
      return rate;
    }
    String spent =
        ", $%s of $%s spent today".formatted(auditing.spentToday().rounded(6), limit.rounded(6));
    if (auditing.now() == auditing.rate()) {
      return rate + spent;
    }
    return auditing.now() > 0
        ? rate + spent + ", so " + percent(auditing.now()) + " now"
        : rate + spent + ", so none until midnight (UTC)";
  }

  private static String since(ContractStatus status, Watch watch) {
    OptionalInt delay = delay(watch);
    String lost = status.chat() ? "are worse" : "differ";
    List<String> lines = new ArrayList<>();
    lines.add("of all answers          " + words(watch.lost(), watch.audits(), lost));
    lines.add("among cheap answers     " + words(watch.lost(), watch.answered(), lost));
    if (!status.chat()) {
      lines.add(
          "large model with itself " + words(watch.contradicted(), watch.repeated(), "differ"));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "evidence %.2f, rings at %.0f; were %s to %s from now on, after %s audits%s",
            watch.monitor().evidence(),
            1 / watch.monitor().alpha(),
            percent(drift(watch)),
            status.chat() ? "be worse" : "differ",
            delay.isPresent() ? "about " + delay.getAsInt() : "very many",
            words(requests(delay, status.auditing()))));
    return String.join(INDENT, lines);
  }

  private static String words(long count, long of, String lost) {
    BinomialInterval interval = interval(count, of);
    return of == 0
        ? "not known yet"
        : String.format(
            Locale.ROOT,
            "%d of %d %s: %s (95 %%: %s to %s)",
            count,
            of,
            lost,
            percent((double) count / of),
            percent(interval.lower()),
            percent(interval.upper()));
  }

  private static BinomialInterval interval(long count, long of) {
    return BinomialInterval.of(Math.toIntExact(count), Math.toIntExact(of), CONFIDENCE);
  }

  private static double drift(Watch watch) {
    return Math.min(1, DRIFT * watch.monitor().epsilon());
  }

  private static OptionalInt delay(Watch watch) {
    return AlarmDelay.median(watch.monitor(), drift(watch), new SplittableRandom(SEED));
  }

  private static String words(OptionalLong requests) {
    return requests.isPresent() ? ", " + requests.getAsLong() + " requests at the rate of now" : "";
  }

  /** In how many requests so many audits are drawn on average; none where none is drawn. */
  private static OptionalLong requests(OptionalInt audits, Auditing auditing) {
    return audits.isEmpty() || auditing.now() == 0
        ? OptionalLong.empty()
        : OptionalLong.of((long) Math.ceil(audits.getAsInt() / auditing.now()));
  }

  private static String gate(Gate gate) {
    return switch (gate) {
      case Gate.Open open -> "open";
      case Gate.Observe observe -> "observe";
      case Gate.Shut shut -> "shut";
    };
  }

  private static String percent(double share) {
    return new BigDecimal(100 * share).round(THREE_DIGITS).stripTrailingZeros().toPlainString()
        + " %";
  }
}
