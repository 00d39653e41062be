package io.tierwise.gateway.console;

import io.tierwise.router.ledger.LedgerEntry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The ledger's last three months as sums by hour and by day, and its latest requests: what is kept
 * grows with time, tasks and tiers, never with requests. Entries may come in any order.
 */
final class RollingFigures {
  private static final int LATEST = 100;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<Instant, Slot> hours = new TreeMap<>();
  private final NavigableMap<LocalDate, Slot> days = new TreeMap<>();
  private final TreeSet<LedgerEntry> latest =
      new TreeSet<>(Comparator.comparing(LedgerEntry::at).thenComparing(LedgerEntry::requestId));

  RollingFigures(Clock clock) {
    this.clock = clock;
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
    return begin(Span.DAYS_90);
  }

  void add(LedgerEntry entry) {
    LocalDate day = LocalDate.ofInstant(entry.at(), ZoneOffset.UTC);
    lock.lock();
    try {
      if (entry.at().isBefore(from())) {
        return;
      }
      days.computeIfAbsent(day, key -> new Slot()).add(entry);
      if (!entry.at().isBefore(begin(Span.HOURS_48))) {
        hours.computeIfAbsent(hour(entry.at()), key -> new Slot()).add(entry);
      }
      if (entry.purpose() == LedgerEntry.Purpose.SERVE && latest.add(entry)) {
        forgetOld();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What has grown too old goes as new entries come. */
  private void forgetOld() {
    if (latest.size() > LATEST) {
      latest.removeFirst();
    }
    days.headMap(LocalDate.ofInstant(from(), ZoneOffset.UTC)).clear();
    hours.headMap(begin(Span.HOURS_48)).clear();
  }

  /** The latest requests, newest first. */
  List<LedgerEntry> latest() {
    lock.lock();
    try {
      return new ArrayList<>(latest.reversed());
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
    Instant from = begin(span);
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

  /** When a span that ends now begins. */
  private Instant begin(Span span) {
    return switch (span) {
      case HOURS_48 -> hour(clock.instant()).minus(47, ChronoUnit.HOURS);
      case DAYS_30 -> clock.instant().truncatedTo(ChronoUnit.DAYS).minus(29, ChronoUnit.DAYS);
      case DAYS_90 -> clock.instant().truncatedTo(ChronoUnit.DAYS).minus(89, ChronoUnit.DAYS);
    };
  }

  private static Instant hour(Instant at) {
    return at.truncatedTo(ChronoUnit.HOURS);
  }
}
