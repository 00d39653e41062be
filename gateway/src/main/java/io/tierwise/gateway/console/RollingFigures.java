package io.tierwise.gateway.console;

import io.tierwise.router.ledger.LedgerEntry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The ledger's last three months as sums by hour and by day, and its latest requests: what is kept
 * grows with time, tasks and tiers, never with requests. Entries may come in any order.
 */
final class RollingFigures {
  private static final int LATEST = 100;
  private static final Comparator<LedgerEntry> OLDEST_FIRST =
      Comparator.comparing(LedgerEntry::at).thenComparing(LedgerEntry::requestId);

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<Instant, Slot> hours = new TreeMap<>();
  private final NavigableMap<LocalDate, Slot> days = new TreeMap<>();

  /** Oldest first. */
  private final List<LedgerEntry> latest = new ArrayList<>(LATEST + 1);

  private Hour hour;

  RollingFigures(Clock clock) {
    this.clock = clock;
    this.hour = Hour.of(clock.instant());
  }

  /** An hour, and where the spans begin that end in it. */
  private record Hour(Instant start, Instant end, Map<Span, Instant> begins) {
    static Hour of(Instant now) {
      Instant start = now.truncatedTo(ChronoUnit.HOURS);
      Instant day = now.truncatedTo(ChronoUnit.DAYS);
      Map<Span, Instant> begins = new EnumMap<>(Span.class);
      begins.put(Span.HOURS_48, start.minus(47, ChronoUnit.HOURS));
      begins.put(Span.DAYS_30, day.minus(29, ChronoUnit.DAYS));
      begins.put(Span.DAYS_90, day.minus(89, ChronoUnit.DAYS));
      return new Hour(start, start.plus(1, ChronoUnit.HOURS), begins);
    }

    boolean has(Instant moment) {
      return !moment.isBefore(start) && moment.isBefore(end);
    }
  }

  /**
   * What is to be shown of it.
   *
   * @param from where it begins
   * @param total over all of it
   * @param slots by when each begins; those without an entry are left out
   */
  record View(Instant from, Slot total, NavigableMap<Instant, Slot> slots) {}

  /** From when on entries count. */
  Instant from() {
    return begin(Hour.of(clock.instant()), Span.DAYS_90);
  }

  void add(LedgerEntry entry) {
    lock.lock();
    try {
      Hour now = hour();
      if (entry.at().isBefore(begin(now, Span.DAYS_90))) {
        return;
      }
      days.computeIfAbsent(day(entry.at()), key -> new Slot()).add(entry);
      if (!entry.at().isBefore(begin(now, Span.HOURS_48))) {
        Instant start = now.has(entry.at()) ? now.start() : Hour.of(entry.at()).start();
        hours.computeIfAbsent(start, key -> new Slot()).add(entry);
      }
      if (entry.purpose() == LedgerEntry.Purpose.SERVE) {
        addLatest(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Entries come almost in their order, so its place is found from the end. */
  private void addLatest(LedgerEntry entry) {
    int place = latest.size();
    while (place > 0 && OLDEST_FIRST.compare(latest.get(place - 1), entry) > 0) {
      place--;
    }
    latest.add(place, entry);
    if (latest.size() > LATEST) {
      latest.removeFirst();
    }
  }

  /** The hour it is; with each new one, what has grown too old goes. */
  private Hour hour() {
    Instant now = clock.instant();
    if (!hour.has(now)) {
      hour = Hour.of(now);
      days.headMap(day(begin(hour, Span.DAYS_90))).clear();
      hours.headMap(begin(hour, Span.HOURS_48)).clear();
    }
    return hour;
  }

  /** The latest requests, newest first. */
  List<LedgerEntry> latest() {
    lock.lock();
    try {
      return List.copyOf(latest.reversed());
    } finally {
      lock.unlock();
    }
  }

  /** A copy, so that what is shown does not change while it is written down. */
  View view(Span span) {
    lock.lock();
    try {
      return switch (span) {
        case HOURS_48 -> view(span, hours, Function.identity());
        case DAYS_30, DAYS_90 ->
            view(span, days, day -> day.atStartOfDay().toInstant(ZoneOffset.UTC));
      };
    } finally {
      lock.unlock();
    }
  }

  private <K> View view(Span span, NavigableMap<K, Slot> slots, Function<K, Instant> start) {
    Instant from = begin(hour(), span);
    Slot total = new Slot();
    NavigableMap<Instant, Slot> copies = new TreeMap<>();
    slots.forEach((key, slot) -> {
      Instant at = start.apply(key);
      if (!at.isBefore(from)) {
        Slot copy = new Slot();
        copy.add(slot);
        copies.put(at, copy);
        total.add(slot);
      }
    });
    return new View(from, total, copies);
  }

  private static Instant begin(Hour hour, Span span) {
    return Objects.requireNonNull(hour.begins().get(span));
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }
}
