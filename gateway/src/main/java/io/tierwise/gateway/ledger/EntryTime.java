package io.tierwise.gateway.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Times as {@link Instant#toString} writes them, written and read a good deal faster than by its
 * formatter and its parser.
 */
final class EntryTime {
  private static final int SECONDS_END = 19;
  private static final int NANO_DIGITS = 9;
  private static final int SECONDS_IN_DAY = 86_400;
  private static final int LAST_YEAR_OF_FOUR_DIGITS = 9999;

  private EntryTime() {}

  /** What {@link Instant#toString} says of it. */
  static String text(Instant at) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(at.getEpochSecond(), SECONDS_IN_DAY));
    if (day.getYear() < 0 || day.getYear() > LAST_YEAR_OF_FOUR_DIGITS) {
      return at.toString();
    }
    int second = Math.floorMod(at.getEpochSecond(), SECONDS_IN_DAY);
    StringBuilder text = new StringBuilder(SECONDS_END + 2 + NANO_DIGITS).append(day).append('T');
    append(text, second / 3_600, 2).append(':');
    append(text, second / 60 % 60, 2).append(':');
    append(text, second % 60, 2);
    int nanos = at.getNano();
    if (nanos % 1_000_000 == 0) {
      return nanos == 0
          ? text.append('Z').toString()
          : append(text.append('.'), nanos / 1_000_000, 3).append('Z').toString();
    }
    return nanos % 1_000 == 0
        ? append(text.append('.'), nanos / 1_000, 6).append('Z').toString()
        : append(text.append('.'), nanos, NANO_DIGITS).append('Z').toString();
  }

  private static StringBuilder append(StringBuilder text, int value, int digits) {
    int end = text.length() + digits;
    text.repeat('0', digits);
    for (int i = end - 1, left = value; left > 0; i--, left /= 10) {
      text.setCharAt(i, (char) ('0' + left % 10));
    }
    return text;
  }

  /**
   * @throws java.time.DateTimeException when it is no time in ISO-8601
   */
  static Instant parse(String text) {
    int end = text.length() - 1;
    boolean usual =
        end >= SECONDS_END
            && end <= SECONDS_END + 1 + NANO_DIGITS
            && text.charAt(end) == 'Z'
            && text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && text.charAt(10) == 'T'
            && text.charAt(13) == ':'
            && text.charAt(16) == ':'
            && (end == SECONDS_END || (text.charAt(SECONDS_END) == '.' && end > SECONDS_END + 1));
    int year = usual ? digits(text, 0, 4) : -1;
    int month = usual ? digits(text, 5, 7) : -1;
    int day = usual ? digits(text, 8, 10) : -1;
    int hour = usual ? digits(text, 11, 13) : -1;
    int minute = usual ? digits(text, 14, 16) : -1;
    int second = usual ? digits(text, 17, SECONDS_END) : -1;
    int nanos = end > SECONDS_END && usual ? fraction(text, end) : 0;
    boolean date = year > 0 && month > 0 && month <= 12 && day > 0 && exists(year, month, day);
    boolean time = within(hour, 23) && within(minute, 59) && within(second, 59) && nanos >= 0;
    if (!date || !time) {
      return Instant.parse(text); // what is unusual or out of range is the library's
    }
    long seconds =
        SECONDS_IN_DAY * epochDay(year, month, day) + 3_600L * hour + 60L * minute + second;
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private static boolean exists(int year, int month, int day) {
    return day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth();
  }

  private static boolean within(int value, int most) {
    return value >= 0 && value <= most;
  }

  /** Days since 1970 of the proleptic Gregorian calendar (Hinnant, days_from_civil). */
  private static long epochDay(int year, int month, int day) {
    int march = month > 2 ? year : year - 1;
    int era = march / 400;
    int yearOfEra = march - 400 * era;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return 146_097L * era + dayOfEra - 719_468;
  }

  private static int fraction(String text, int end) {
    int value = digits(text, SECONDS_END + 1, end);
    for (int digit = end - SECONDS_END - 1; digit < NANO_DIGITS && value > 0; digit++) {
      value *= 10;
    }
    return value;
  }

  /** -1 where one is no digit. */
  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value;
  }
}
