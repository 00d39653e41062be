package io.tierwise.gateway.report;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Price;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is doubtful about the prices in use: old entries, and use in the ledger that no price
 * covers.
 *
 * @param old entries in force that were last looked at more than {@link #OLDEST_DAYS} days ago
 * @param unpriced sentences, one for each task's tier that was used without a price
 */
public record PriceCheck(List<Price> old, List<String> unpriced) {
  /** Prices change; an older entry is worth a look. */
  public static final long OLDEST_DAYS = 90;

  public PriceCheck {
    old = List.copyOf(old);
    unpriced = List.copyOf(unpriced);
  }

  /** A task's tier, in the ledger. */
  private record Used(LocalDate first, LocalDate last, long calls, Money cost) {
    Used plus(Used other) {
      return new Used(
          first.isBefore(other.first) ? first : other.first,
          last.isAfter(other.last) ? last : other.last,
          calls + other.calls,
          cost.plus(other.cost));
    }
  }

  /**
   * @param today the day from which ages are counted
   */
  public static PriceCheck of(
      TierwiseConfig config, PriceBook book, LocalDate today, Stream<LedgerEntry> entries) {
    return new PriceCheck(old(book, today), unpriced(config, book, used(entries)));
  }

  private static List<Price> old(PriceBook book, LocalDate today) {
    TreeSet<String> ids = new TreeSet<>();
    book.prices().stream()
        .filter(price -> !price.effectiveFrom().isAfter(today))
        .forEach(price -> ids.add(price.id()));
    return ids.stream()
        .map(id -> book.price(id, today))
        .filter(price -> ChronoUnit.DAYS.between(price.effectiveFrom(), today) > OLDEST_DAYS)
        .toList();
  }

  private static Map<List<String>, Used> used(Stream<LedgerEntry> entries) {
    Map<List<String>, Used> used = new TreeMap<>(PriceCheck::order);
    entries.forEachOrdered(entry -> {
      LocalDate day = entry.at().atZone(ZoneOffset.UTC).toLocalDate();
      for (LedgerEntry.Line line : entry.lines()) {
        if (line.usage().requests() > 0) {
          used.merge(
              List.of(entry.task(), line.tier().text()),
              new Used(day, day, line.usage().requests(), line.cost()),
              Used::plus);
        }
      }
    });
    return used;
  }

  private static int order(List<String> left, List<String> right) {
    int tasks = left.getFirst().compareTo(right.getFirst());
    return tasks != 0 ? tasks : left.getLast().compareTo(right.getLast());
  }

  private static List<String> unpriced(
      TierwiseConfig config, PriceBook book, Map<List<String>, Used> used) {
    List<String> sentences = new ArrayList<>();
    used.forEach((key, use) ->
        trouble(config, book, key.getFirst(), key.getLast(), use)
            .ifPresent(trouble ->
                sentences.add(
                    "task %s, tier %s: %d calls from %s to %s %s"
                        .formatted(
                            key.getFirst(),
                            key.getLast(),
                            use.calls(),
                            use.first(),
                            use.last(),
                            trouble))));
    return sentences;
  }

  private static Optional<String> trouble(
      TierwiseConfig config, PriceBook book, String taskName, String tier, Used use) {
    Optional<TaskConfig> task =
        config.tasks().stream().filter(each -> each.name().equals(taskName)).findFirst();
    if (task.isEmpty()) {
      return Optional.of("and the task is not in the configuration");
    }
    Optional<String> id = priceOf(task.get(), tier);
    if (id.isEmpty()) {
      return Optional.of("and the tier has no price in the configuration");
    }
    try {
      book.price(id.get(), use.first());
    } catch (InvalidValueException e) {
      return Optional.of("and " + e.trouble());
    }
    boolean free = book.price(id.get(), use.last()).tariff().equals(Tariff.FREE);
    return use.cost().equals(Money.ZERO) && !free
        ? Optional.of("were charged nothing, though '" + id.get() + "' is not free")
        : Optional.empty();
  }

  private static Optional<String> priceOf(TaskConfig task, String tier) {
    if (tier.equals(TierName.LARGE.text())) {
      return Optional.of(task.large().price());
    }
    if (tier.equals(TierName.STUDENT.text()) || tier.equals(TierName.SECOND_STUDENT.text())) {
      return Optional.of(task.student().price());
    }
    return tier.equals(TierName.EXACT_CACHE.text())
        ? Optional.of(task.exactCache().price())
        : Optional.empty();
  }
}
