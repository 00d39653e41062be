package io.tierwise.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeacherOptionsTest {
  @Test
  void addsNoLatencyUnlessAskedTo() {
    assertEquals(
        Duration.ZERO, new TeacherOptions("localhost", 0, Path.of("head"), 1).addedLatency());
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, 1, 0, host",
    "localhost, -1, 1, 0, port",
    "localhost, 65536, 1, 0, port",
    "localhost, 0, 0, 0, threads",
    "localhost, 0, 1, -1, addedLatency"
  })
  void refusesWhatCannotBeServed(String host, int port, int threads, long millis, String field) {
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () ->
                new TeacherOptions(
                    host, port, Path.of("head"), threads, Duration.ofMillis(millis)));
    assertEquals(field, refused.field());
  }
}
