package io.tierwise.gateway.config;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.cost.Money;
import io.tierwise.router.drift.PinnedAnswers;
import io.tierwise.student.artifact.Shape;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kind of value that a text can be.
 *
 * @param parse throws {@link InvalidValueException} with the trouble and the fix; its field is not
 *     looked at, for the reader knows the path
 * @param placeholder stands in for a value that cannot be used, so that reading goes on and finds
 *     the other problems; never seen outside, for the file is refused
 */
public record Kind<T>(Function<String, T> parse, T placeholder) {
  private static final int MOST_PROBES = 1_000;
  private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,18}(\\.\\d{1,18})?");
  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  public static final Kind<String> TEXT = new Kind<>(Kind::text, "text");
  public static final Kind<String> NAME =
      new Kind<>(value -> Requirement.identifier("", value), "name");

  public static final Kind<String> URL = new Kind<>(Kind::url, "http://localhost");

  /** The word none, or an address. */
  public static final Kind<Optional<String>> URL_OR_NONE =
      new Kind<>(
          value -> value.equals("none") ? Optional.empty() : Optional.of(url(value)),
          Optional.empty());

  public static final Kind<String> VARIABLE_NAME = new Kind<>(Kind::variable, "NAME");
  public static final Kind<Boolean> YES_OR_NO = new Kind<>(Kind::yesOrNo, false);
  public static final Kind<Duration> SPAN = new Kind<>(Kind::duration, Duration.ofSeconds(1));
  public static final Kind<BigDecimal> POSITIVE = new Kind<>(Kind::positive, BigDecimal.ONE);
  public static final Kind<Money> AMOUNT = new Kind<>(Kind::amount, Money.ZERO);
  public static final Kind<LocalDate> DAY = new Kind<>(Kind::day, LocalDate.EPOCH);

  /** A student that reads texts. */
  public static final Kind<Shape> STUDENT = new Kind<>(Kind::student, Shape.BAG);

  /** How many texts are pinned. */
  public static final Kind<Integer> PROBES = new Kind<>(Kind::probes, 0);

  /** Above 0, up to 1; exact, for it is multiplied with money. */
  public static final Kind<BigDecimal> SHARE_OF_LIMIT =
      new Kind<>(Kind::shareOfLimit, BigDecimal.ONE);

  /** Strictly between 0 and 1. */
  public static final Kind<Double> OPEN_SHARE =
      new Kind<>(value -> Requirement.openUnit("", decimal(value).doubleValue()), 0.5);

  /** From 0 to 1. */
  public static final Kind<Double> CLOSED_SHARE =
      new Kind<>(value -> Requirement.closedUnit("", decimal(value).doubleValue()), 0.5);

  public static Kind<Integer> whole(int least, int most) {
    return new Kind<>(value -> (int) whole(value, least, most), least);
  }

  public static Kind<Long> wholeLong(long least, long most) {
    return new Kind<>(value -> whole(value, least, most), least);
  }

  /** A text that something else can read; it refuses what it cannot. */
  static Kind<String> checked(Consumer<String> check) {
    return new Kind<>(
        text -> {
          check.accept(text);
          return text;
        },
        "");
  }

  /** One of an enum's constants, written in lower case with hyphens. */
  public static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    E[] constants = type.getEnumConstants();
    return new Kind<>(value -> chosen(value, constants), constants[0]);
  }

  private static Shape student(String value) {
    Shape shape = Shape.of(value);
    if (shape == Shape.MLP) {
      throw new InvalidValueException(
          "", "an mlp reads feature vectors", "use bag, encoder-head or encoder");
    }
    return shape;
  }

  private static <E extends Enum<E>> E chosen(String value, E[] constants) {
    for (E constant : constants) {
      if (written(constant).equals(value)) {
        return constant;
      }
    }
    String known = Arrays.stream(constants).map(Kind::written).collect(Collectors.joining(", "));
    throw invalid("'" + value + "' is not known here", "use one of: " + known);
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String text(String value) {
    if (value.isBlank()) {
      throw invalid("it is blank", "write something");
    }
    return value;
  }

  private static String variable(String value) {
    if (!VARIABLE.matcher(value).matches()) {
      throw invalid(
          "this is no name of an environment variable",
          "name the variable that holds the key, as in OPENAI_API_KEY; never the key itself");
    }
    return value;
  }

  private static String url(String value) {
    try {
      URI uri = new URI(value);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
      }
    } catch (URISyntaxException e) {
      throw invalid(
          "'" + value + "' is no URL: " + e.getReason(), "give one such as http://host:8000");
    }
    throw invalid(
        "'" + value + "' is no plain http or https URL", "give one such as http://host:8000");
  }

  private static boolean yesOrNo(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid("'" + value + "' is neither true nor false", "write true or false");
    };
  }

  private static Duration duration(String value) {
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      throw invalid(
          "'" + value + "' is no duration", "write one such as 500ms, 10s, 5m, 24h or 90d");
    }
    long count = Long.parseLong(matcher.group(1));
    if (count == 0) {
      throw invalid("it is no time at all", "give more than 0");
    }
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static BigDecimal decimal(String value) {
    if (!DECIMAL.matcher(value).matches()) {
      throw invalid("'" + value + "' is no decimal number", "write one such as 0.05");
    }
    return new BigDecimal(value);
  }

  private static BigDecimal positive(String value) {
    BigDecimal number = decimal(value);
    if (number.signum() <= 0) {
      throw invalid(value + " is not positive", "give more than 0");
    }
    return number;
  }

  private static BigDecimal shareOfLimit(String value) {
    BigDecimal number = positive(value);
    if (number.compareTo(BigDecimal.ONE) > 0) {
      throw invalid(value + " is more than 1", "give a share such as 0.8, or 1 for none");
    }
    return number;
  }

  private static Money amount(String value) {
    if (!DECIMAL.matcher(value).matches()) {
      throw invalid("'" + value + "' is no decimal amount", "write dollars such as '0.0025'");
    }
    Money amount = Money.of(value);
    if (amount.isNegative()) {
      throw invalid(value + " is negative", "give 0 or more");
    }
    return amount;
  }

  private static LocalDate day(String value) {
    try {
      return LocalDate.parse(value);
    } catch (DateTimeException e) {
      throw invalid("'" + value + "' is no day", "write it as 2026-01-31");
    }
  }

  private static int probes(String value) {
    int probes = (int) whole(value, 0, MOST_PROBES);
    if (probes > 0 && probes < PinnedAnswers.FEWEST_TEXTS) {
      throw invalid(
          probes + " texts show nothing but a change of nearly all answers",
          "pin at least " + PinnedAnswers.FEWEST_TEXTS + ", or 0 for none");
    }
    return probes;
  }

  private static long whole(String value, long least, long most) {
    if (!WHOLE.matcher(value).matches()) {
      throw invalid("'" + value + "' is no whole number", "give one from " + least + " to " + most);
    }
    long number = Long.parseLong(value);
    if (number < least || number > most) {
      throw invalid(value + " is out of range", "give one from " + least + " to " + most);
    }
    return number;
  }

  private static InvalidValueException invalid(String trouble, String fix) {
    return new InvalidValueException("", trouble, fix);
  }
}
