package io.tierwise.gateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTimeTest {
  @Property
  void readsWhatAnInstantWrites(
      @ForAll @LongRange(min = -99_999_999_999L, max = 299_999_999_999L) long seconds,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    Instant at = Instant.ofEpochSecond(seconds, nanos);
    assertEquals(at, EntryTime.parse(at.toString()));
    assertEquals(at.toString(), EntryTime.text(at));
  }

  @Property
  void writesWholeMillisecondsAndMicrosecondsAsAnInstantDoes(
      @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long seconds,
      @ForAll @IntRange(max = 999) int thousandths) {
    for (int unit : new int[] {1, 1_000, 1_000_000}) {
      Instant at = Instant.ofEpochSecond(seconds, (long) thousandths * unit);
      assertEquals(at.toString(), EntryTime.text(at));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-02-29T23:59:59.5Z",
        "2026-03-01T00:00:00Z",
        "2000-12-31T24:00:00Z",
        "2026-01-01T00:00:00.Z"
      })
  void readsTheEdgesAsTheLibraryDoes(String text) {
    assertEquals(Instant.parse(text), EntryTime.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-02-30T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:61:00Z",
        "2026-01-01T00:00:00.12x4Z",
        "yesterday",
        ""
      })
  void refusesWhatIsNoTime(String text) {
    assertThrows(DateTimeException.class, () -> EntryTime.parse(text));
  }
}
