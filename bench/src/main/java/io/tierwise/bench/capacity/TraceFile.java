package io.tierwise.bench.capacity;

import io.tierwise.router.InvalidValueException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A trace of arrivals as CSV, plain or gzip, with the columns of Azure's public traces of inference
 * for language models: {@code TIMESTAMP, ContextTokens, GeneratedTokens}.
 */
public final class TraceFile {
  private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";

  private TraceFile() {}

  /**
   * @param base what every call takes of its server
   * @param perGenerated what each token adds that it generates
   * @throws InvalidValueException when a line cannot be read, naming it
   */
  public static List<Arrivals.Call> read(Path file, Duration base, Duration perGenerated)
      throws IOException {
    List<Arrivals.Call> calls = new ArrayList<>();
    try (BufferedReader lines = open(file)) {
      String header = lines.readLine();
      if (header == null || !header.strip().equals(HEADER)) {
        throw new InvalidValueException(
            file + ":1", "the header is not " + HEADER, "give a trace with these columns");
      }
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        calls.add(call(file + ":" + number, line, base, perGenerated));
      }
    }
    return calls;
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    try {
      return new BufferedReader(
          new InputStreamReader(
              file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes,
              StandardCharsets.UTF_8));
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private static Arrivals.Call call(
      String place, String line, Duration base, Duration perGenerated) {
    String[] cells = line.strip().split(",", -1);
    if (cells.length != 3) {
      throw new InvalidValueException(
          place, "it has " + cells.length + " fields", "give three: " + HEADER);
    }
    return new Arrivals.Call(
        moment(place, cells[0]),
        base.plus(perGenerated.multipliedBy(tokens(place + ": GeneratedTokens", cells[2]))));
  }

  private static Instant moment(String place, String cell) {
    try {
      return cell.endsWith("Z")
          ? Instant.parse(cell)
          : LocalDateTime.parse(cell.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new InvalidValueException(
          place + ": TIMESTAMP",
          "'" + cell + "' is no moment",
          "write it as 2023-11-16 18:17:03.9799600");
    }
  }

  private static long tokens(String place, String cell) {
    if (!cell.matches("[0-9]{1,9}")) {
      throw new InvalidValueException(place, "'" + cell + "' is no count", "give a whole number");
    }
    return Long.parseLong(cell);
  }
}
