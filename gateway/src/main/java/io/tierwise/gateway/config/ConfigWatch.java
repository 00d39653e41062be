package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Notices when a configuration, its price files or the day that prices are of have changed. By
 * content, not by date: files that are copied back keep their old one. A file is taken once it was
 * the same at two looks, so that one being written is not read half.
 */
public final class ConfigWatch {
  private final Path file;
  private final Clock clock;
  private Set<Path> troubled = Set.of();
  private Content taken = new Content(LocalDate.MIN, Map.of());
  private Content lastSeen = taken;

  private record Content(LocalDate day, Map<Path, String> hashes) {}

  public ConfigWatch(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Until the next change, these files are watched as well: they kept the last one from use. */
  public void alsoWatch(Collection<Path> files) {
    troubled = Set.copyOf(files);
  }

  /**
   * Whether there is something to take: it differs from what was taken before, and did not change
   * since the last look. Saying so counts as taking it; the first look takes nothing.
   *
   * @param prices those in force
   */
  public boolean settled(Prices prices) {
    Set<Path> watched = new TreeSet<>(prices.files());
    watched.add(file);
    watched.add(PriceFile.shippedPath(prices.region()));
    watched.addAll(troubled);
    Content seen =
        new Content(clock.instant().atZone(ZoneOffset.UTC).toLocalDate(), hashes(watched));
    boolean atRest = seen.equals(lastSeen);
    lastSeen = seen;
    if (!atRest || seen.equals(taken)) {
      return false;
    }
    taken = seen;
    troubled = Set.of();
    return true;
  }

  private static Map<Path, String> hashes(Set<Path> files) {
    Map<Path, String> hashes = new HashMap<>();
    files.forEach(each -> hashes.put(each, hash(each)));
    return hashes;
  }

  private static String hash(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
