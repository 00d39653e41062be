package io.tierwise.gateway.reconcile;

import io.tierwise.gateway.report.DayRange;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ledger against a Cost and Usage Report: two folds, by service and hour (or day, where the
 * report is daily), that hold no entry and no line item. What the two differ by is taken apart:
 *
 * <ul>
 *   <li><b>other users</b>: line items of resources that are not Tierwise's;
 *   <li><b>credits and taxes</b>: line items that are no usage;
 *   <li><b>free tier</b>: what usage at the public price would have cost and did not;
 *   <li><b>idle instance hours</b>: what an instance hour costs above what its requests were
 *       charged;
 *   <li><b>missing</b>: what the ledger charged in hours that the bill has no usage in;
 *   <li><b>rounding</b>: the rest, where it is no more than rounding can come to: half of the tenth
 *       decimal of every line item, and for functions a millisecond of every call, for these are
 *       billed by whole milliseconds;
 *   <li><b>unexplained</b>: the rest where it is more.
 * </ul>
 *
 * A request counts where it began; one over midnight is billed a day later, which is unexplained.
 */
public final class Reconciliation {
  /** Line items are given to the tenth decimal. */
  private static final Money HALF_A_DIGIT = Money.of("0.00000000005");

  /** Names that are kept of others' resources; the rest is summed up. */
  private static final int MOST_NAMES = 1_000;

  private final BilledServices services;
  private final Predicate<String> ours;
  private final DayRange range;
  private final TreeMap<Slot, Charges> slots =
      new TreeMap<>(Comparator.comparing(Slot::service).thenComparing(Slot::start));
  private final Map<Foreign, Money> foreign =
      new TreeMap<>(Comparator.comparing(Foreign::service).thenComparing(Foreign::resource));
  private Money elsewhere = Money.ZERO;
  private Money notCompared = Money.ZERO;
  private @Nullable ChronoUnit granularity;
  private @Nullable Instant billedFrom;
  private @Nullable Instant billedTo;

  private record Slot(String service, Instant start) {}

  /** What somebody else uses. */
  public record Foreign(String service, String resource) {}

  /** Usage in the ledger that the bill does not have. */
  public record Missing(String service, Instant start, Money ledger) {}

  /** All of one hour or day of a service. */
  private static final class Charges {
    private Money ledger = Money.ZERO;
    private Money bill = Money.ZERO;
    private Money ownUsage = Money.ZERO;
    private Money otherUsers = Money.ZERO;
    private Money creditsAndTaxes = Money.ZERO;
    private Money freeTier = Money.ZERO;
    private Money roundable = Money.ZERO;
    private boolean used;
    private boolean byTheHour;
  }

  /**
   * A service's day.
   *
   * @param bill all line items of the service, others' too
   * @param freeTier negative: what the bill leaves out
   * @param missing negative, likewise
   */
  public record Row(
      LocalDate day,
      String service,
      Money ledger,
      Money bill,
      Money otherUsers,
      Money creditsAndTaxes,
      Money freeTier,
      Money idleHours,
      Money missing,
      Money rounding,
      Money unexplained) {
    public Money residual() {
      return bill.minus(ledger);
    }
  }

  private Reconciliation(BilledServices services, Predicate<String> ours, DayRange range) {
    this.services = services;
    this.ours = ours;
    this.range = range;
  }

  /**
   * @param ours whether a resource's id is one of Tierwise's; line items without one are taken for
   *     ours
   * @throws InvalidValueException when the report cannot be read, naming line and column
   */
  public static Reconciliation of(
      BilledServices services,
      Predicate<String> ours,
      DayRange range,
      Path report,
      Stream<LedgerEntry> entries)
      throws IOException {
    Reconciliation all = new Reconciliation(services, ours, range);
    UsageReport.read(report, all::bill);
    if (all.billedFrom == null) {
      throw new InvalidValueException(
          report.toString(), "no line item falls into these days", "give another report or range");
    }
    entries.forEachOrdered(all::charge);
    return all;
  }

  private void bill(BillLine line) {
    if (!range.holds(day(line.start()))) {
      return;
    }
    boolean others = !line.resource().isEmpty() && !ours.test(line.resource());
    if (!services.knows(line.service())) {
      if (others || line.resource().isEmpty()) {
        elsewhere = elsewhere.plus(line.cost());
        return;
      }
    }
    if (granularity == null && line.usage()) {
      granularity = line.ofAnHour() ? ChronoUnit.HOURS : ChronoUnit.DAYS;
    }
    if (line.usage()) {
      billedFrom =
          billedFrom == null || line.start().isBefore(billedFrom) ? line.start() : billedFrom;
      billedTo = billedTo == null || line.end().isAfter(billedTo) ? line.end() : billedTo;
    }
    add(line, others, slot(line.service(), line.start()));
  }

  private void add(BillLine line, boolean others, Charges charges) {
    charges.bill = charges.bill.plus(line.cost());
    charges.roundable = charges.roundable.plus(HALF_A_DIGIT);
    if (others) {
      charges.otherUsers = charges.otherUsers.plus(line.cost());
      Foreign name = new Foreign(line.service(), line.resource());
      Foreign kept =
          foreign.containsKey(name) || foreign.size() < MOST_NAMES
              ? name
              : new Foreign(line.service(), "(others)");
      foreign.merge(kept, line.cost(), Money::plus);
    } else if (!line.usage()) {
      charges.creditsAndTaxes = charges.creditsAndTaxes.plus(line.cost());
    } else {
      charges.used = true;
      charges.ownUsage = charges.ownUsage.plus(line.cost());
      if (line.free()) {
        charges.freeTier = charges.freeTier.plus(line.cost()).minus(line.atPublicPrice());
      }
    }
  }

  private void charge(LedgerEntry entry) {
    if (!range.holds(day(entry.at()))) {
      return;
    }
    for (LedgerEntry.Line line : entry.lines()) {
      services.of(entry.task(), line.tier()).ifPresent(charged -> charge(entry, line, charged));
    }
  }

  private void charge(LedgerEntry entry, LedgerEntry.Line line, BilledServices.Charged charged) {
    if (entry.at().isBefore(from()) || !entry.at().isBefore(to())) {
      notCompared = notCompared.plus(line.cost());
      return;
    }
    Charges charges = slot(charged.service(), entry.at());
    charges.ledger = charges.ledger.plus(line.cost());
    switch (charged.tariff()) {
      case Tariff.PerGbSecond perGbSecond -> {
        Usage millisecond = Usage.call(Duration.ofMillis(1));
        charges.roundable =
            charges.roundable.plus(perGbSecond.cost(millisecond).times(line.usage().requests()));
      }
      case Tariff.PerInstanceHour hour -> charges.byTheHour = true;
      case Tariff.PerRequest request -> {}
      case Tariff.PerToken token -> {}
    }
  }

  private Charges slot(String service, Instant moment) {
    Instant start = moment.truncatedTo(granularity == null ? ChronoUnit.DAYS : granularity);
    return slots.computeIfAbsent(new Slot(service, start), key -> new Charges());
  }

  private Instant from() {
    return billedFrom == null ? Instant.MAX : billedFrom;
  }

  private Instant to() {
    return billedTo == null ? Instant.MIN : billedTo;
  }

  /** By day and service. */
  public List<Row> rows() {
    TreeMap<LocalDate, TreeMap<String, Row>> rows = new TreeMap<>();
    slots.forEach((slot, charges) ->
        rows.computeIfAbsent(day(slot.start()), day -> new TreeMap<>())
            .merge(slot.service(), row(slot, charges), Reconciliation::plus));
    return rows.values().stream().flatMap(day -> day.values().stream()).map(this::rounded).toList();
  }

  /** With what is left as unexplained; what of it is rounding is told by the day. */
  private static Row row(Slot slot, Charges charges) {
    boolean missing = isMissing(charges);
    Money above = charges.ownUsage.minus(charges.ledger);
    Money idle = charges.byTheHour && !missing && !above.isNegative() ? above : Money.ZERO;
    Money lost = missing ? Money.ZERO.minus(charges.ledger) : Money.ZERO;
    Money explained =
        charges
            .otherUsers
            .plus(charges.creditsAndTaxes)
            .plus(charges.freeTier)
            .plus(idle)
            .plus(lost);
    return new Row(
        day(slot.start()),
        slot.service(),
        charges.ledger,
        charges.bill,
        charges.otherUsers,
        charges.creditsAndTaxes,
        charges.freeTier,
        idle,
        lost,
        charges.roundable,
        charges.bill.minus(charges.ledger).minus(explained));
  }

  private static boolean isMissing(Charges charges) {
    return !charges.used && !charges.ledger.equals(Money.ZERO);
  }

  private static Row plus(Row one, Row other) {
    return new Row(
        one.day(),
        one.service(),
        one.ledger().plus(other.ledger()),
        one.bill().plus(other.bill()),
        one.otherUsers().plus(other.otherUsers()),
        one.creditsAndTaxes().plus(other.creditsAndTaxes()),
        one.freeTier().plus(other.freeTier()),
        one.idleHours().plus(other.idleHours()),
        one.missing().plus(other.missing()),
        one.rounding().plus(other.rounding()),
        one.unexplained().plus(other.unexplained()));
  }

  /** Until here, rounding is what it can come to at most. */
  private Row rounded(Row row) {
    Money rest = row.unexplained();
    boolean small = rest.usd().abs().compareTo(row.rounding().usd()) <= 0;
    return new Row(
        row.day(),
        row.service(),
        row.ledger(),
        row.bill(),
        row.otherUsers(),
        row.creditsAndTaxes(),
        row.freeTier(),
        row.idleHours(),
        row.missing(),
        small ? rest : Money.ZERO,
        small ? Money.ZERO : rest);
  }

  /** Hours, or days of a daily report, that the ledger has and the bill has not. */
  public List<Missing> missing() {
    List<Missing> missing = new ArrayList<>();
    slots.forEach((slot, charges) -> {
      if (isMissing(charges)) {
        missing.add(new Missing(slot.service(), slot.start(), charges.ledger));
      }
    });
    return missing;
  }

  /** What others used of the services compared, the dearest first. */
  public List<Map.Entry<Foreign, Money>> foreign() {
    return foreign.entrySet().stream()
        .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
        .sorted(Map.Entry.<Foreign, Money>comparingByValue().reversed())
        .toList();
  }

  /** Services that Tierwise's resources use and that none of its prices is of. */
  public List<String> unpriced() {
    return slots.keySet().stream()
        .map(Slot::service)
        .filter(service -> !services.knows(service))
        .distinct()
        .toList();
  }

  /** Whether nothing is left over. */
  public boolean explained() {
    return rows().stream().allMatch(row -> row.unexplained().equals(Money.ZERO));
  }

  /** What the account spent on services that Tierwise's tiers do not use. */
  public Money elsewhere() {
    return elsewhere;
  }

  /** What the ledger charged outside of the time that the bill is about. */
  public Money notCompared() {
    return notCompared;
  }

  private static LocalDate day(Instant moment) {
    return LocalDate.ofInstant(moment, ZoneOffset.UTC);
  }
}
