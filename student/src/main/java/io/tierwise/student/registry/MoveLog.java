package io.tierwise.student.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file of moves, one JSON object a line, only ever appended to. One writer at a time. */
final class MoveLog {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;

  MoveLog(Path file) {
    this.file = file;
  }

  /** The line is on the disk when this returns. */
  void append(Move move) throws IOException {
    cutTornLine();
    DurableFiles.append(file, (json(move) + "\n").getBytes(UTF_8));
  }

  /** A last line without its end was cut off by a crash: that move never happened. */
  List<Move> read() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      moves.add(parse(lines.get(i), file + ":" + (i + 1)));
    }
    return List.copyOf(moves);
  }

  private void cutTornLine() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    int whole = bytes.length;
    while (whole > 0 && bytes[whole - 1] != '\n') {
      whole--;
    }
    if (whole < bytes.length) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(whole);
      }
    }
  }

  private static String json(Move move) {
    ObjectNode json = JSON.createObjectNode();
    json.put("at", move.at().toString());
    json.put("alias", move.alias());
    json.put("version", move.version());
    if (move.previous() != null) {
      json.put("previous", move.previous());
    }
    return json.put("reason", move.reason()).toString();
  }

  private static Move parse(String line, String place) {
    try {
      JsonNode json = JSON.readTree(line);
      return new Move(
          Instant.parse(text(json, "at")),
          text(json, "alias"),
          text(json, "version"),
          textOrNull(json, "previous"),
          text(json, "reason"));
    } catch (JsonProcessingException | DateTimeException | IllegalStateException e) {
      throw new InvalidValueException(
          place, "it is no recorded move: " + e.getMessage(), "restore the file from a backup");
    }
  }

  private static String text(JsonNode json, String field) {
    String value = textOrNull(json, field);
    if (value == null) {
      throw new IllegalStateException("'" + field + "' is missing");
    }
    return value;
  }

  private static @Nullable String textOrNull(JsonNode json, String field) {
    return json.path(field).textValue();
  }
}
