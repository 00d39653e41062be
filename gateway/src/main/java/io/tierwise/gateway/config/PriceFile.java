package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.Prices;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Price;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.cost.Tariff;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads price files: a region and a list of dated, sourced prices. Which amounts an entry needs
 * follows from its unit.
 *
 * <pre>{@code
 * region: us-east-1
 * prices:
 *   - id: gpt-4o-mini
 *     effectiveFrom: 2025-01-01
 *     source: https://openai.com/api/pricing/
 *     unit: per-token
 *     inputPerMillion: '0.15'
 *     cachedInputPerMillion: '0.075'   # as inputPerMillion when left out
 *     outputPerMillion: '0.60'
 * }</pre>
 */
public final class PriceFile {
  /** The system property that says where the product's own files lie. */
  public static final String HOME = "tierwise.home";

  private enum Unit {
    PER_TOKEN,
    PER_GB_SECOND,
    PER_REQUEST,
    PER_INSTANCE_HOUR
  }

  private static final Kind<Optional<Unit>> UNIT =
      new Kind<>(
          text -> Optional.of(Kind.choice(Unit.class).parse().apply(text)), Optional.empty());

  private PriceFile() {}

  /**
   * The prices of one file.
   *
   * @throws ConfigException when anything in it cannot be used; it names everything found
   */
  public static PriceBook load(Path file) {
    Problems problems = new Problems(file);
    Section root = Section.root(YamlTree.read(problems), problems);
    String region = root.required("region", Kind.NAME);
    List<Price> prices = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (Section section : root.sections("prices")) {
      Price price = price(section, region);
      String key = price.id() + " from " + price.effectiveFrom();
      Integer earlier = lines.putIfAbsent(key, section.line());
      if (earlier != null && section.written("id").isPresent()) {
        section.report(
            "id", "'" + key + "' is there twice, first on line " + earlier, "keep one of the two");
      }
      prices.add(price);
    }
    root.refuseOtherKeys();
    problems.refuseIfAny();
    return new PriceBook(prices);
  }

  /**
   * The region's shipped prices with the user's files on top.
   *
   * @throws ConfigException when a file cannot be used
   * @throws InvalidValueException when no prices are shipped for the region
   */
  public static PriceBook merged(Prices prices) {
    PriceBook book = load(shipped(prices.region()));
    for (Path file : prices.files()) {
      book = book.overriddenBy(load(file));
    }
    return book;
  }

  /** Where the region's shipped prices would lie. */
  static Path shippedPath(String region) {
    return Path.of(Optional.ofNullable(System.getProperty(HOME)).orElse("."))
        .resolve("infra")
        .resolve("prices")
        .resolve(region + ".yaml");
  }

  private static Path shipped(String region) {
    Path file = shippedPath(region);
    if (!Files.exists(file)) {
      throw new InvalidValueException(
          "region",
          "no prices are shipped for '" + region + "': there is no " + file,
          "use a region that has a file there, or start Tierwise with its own launcher");
    }
    return file;
  }

  private static Price price(Section section, String region) {
    String id = section.required("id", Kind.NAME);
    LocalDate effectiveFrom = section.required("effectiveFrom", Kind.DAY);
    String source = section.required("source", Kind.TEXT);
    Optional<Unit> unit = section.required("unit", UNIT);
    Tariff tariff = unit.map(known -> tariff(section, known)).orElse(Tariff.FREE);
    // Which keys belong here is known only with the unit.
    if (unit.isPresent()) {
      section.refuseOtherKeys();
    }
    return new Price(id, region, effectiveFrom, source, tariff);
  }

  private static Tariff tariff(Section section, Unit unit) {
    return switch (unit) {
      case PER_TOKEN -> {
        Money input = section.required("inputPerMillion", Kind.AMOUNT);
        Optional<Money> cached = section.optional("cachedInputPerMillion", Kind.AMOUNT);
        Money output = section.required("outputPerMillion", Kind.AMOUNT);
        yield new Tariff.PerToken(input, cached.orElse(input), output);
      }
      case PER_GB_SECOND ->
          new Tariff.PerGbSecond(
              section.required("perGbSecond", Kind.AMOUNT),
              section.required("gigabytes", Kind.POSITIVE));
      case PER_REQUEST -> new Tariff.PerRequest(section.required("perRequest", Kind.AMOUNT));
      case PER_INSTANCE_HOUR ->
          new Tariff.PerInstanceHour(
              section.required("hourly", Kind.AMOUNT),
              section.required("requestsPerHour", Kind.POSITIVE));
    };
  }
}
