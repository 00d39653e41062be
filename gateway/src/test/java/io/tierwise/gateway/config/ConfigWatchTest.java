package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.TierwiseConfig.Prices;
import io.tierwise.gateway.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
  @TempDir private Path folder;

  private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
  private Path file;
  private Path priceFile;
  private Prices prices;
  private ConfigWatch watch;

  @BeforeEach
  void begin() throws IOException {
    file = Files.writeString(folder.resolve("tierwise.yaml"), "one");
    priceFile = Files.writeString(folder.resolve("prices.yaml"), "one");
    prices = new Prices("us-east-1", List.of(priceFile));
    watch = new ConfigWatch(file, clock);
    assertFalse(watch.settled(prices));
    assertTrue(watch.settled(prices));
    assertFalse(watch.settled(prices));
  }

  @Test
  void takesAChangeOnceItHasComeToRest() throws IOException {
    Files.writeString(file, "half");
    assertFalse(watch.settled(prices));
    Files.writeString(file, "half and half");
    assertFalse(watch.settled(prices));
    assertTrue(watch.settled(prices));
    assertFalse(watch.settled(prices));
  }

  @Test
  void goesByContentAndNotByDate() throws IOException {
    FileTime before = Files.getLastModifiedTime(file);
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    assertFalse(watch.settled(prices));
    assertFalse(watch.settled(prices));
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, before);
    assertFalse(watch.settled(prices));
    assertTrue(watch.settled(prices));
  }

  @Test
  void noticesPriceFilesAndFilesThatCauseTrouble() throws IOException {
    Files.writeString(priceFile, "two");
    assertFalse(watch.settled(prices));
    assertTrue(watch.settled(prices));

    Path other = folder.resolve("other.yaml");
    watch.alsoWatch(List.of(other));
    watch.settled(prices);
    watch.settled(prices);
    watch.alsoWatch(List.of(other));
    Files.writeString(other, "made");
    assertFalse(watch.settled(prices));
    assertTrue(watch.settled(prices));
  }

  @Test
  void noticesThatAFileIsGoneAndThatANewDayHasBegun() throws IOException {
    Files.delete(file);
    assertFalse(watch.settled(prices));
    assertTrue(watch.settled(prices));
    clock.advance(Duration.ofDays(1));
    assertFalse(watch.settled(prices));
    assertTrue(watch.settled(prices));
  }
}
