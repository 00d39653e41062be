package io.tierwise.distill.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tierwise.router.InvalidValueException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads files of one JSON object a line, plain or gzipped (told apart by their first bytes). */
public final class JsonLines {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);
  private static final int GZIP_MAGIC = 0x1f8b;

  private JsonLines() {}

  /**
   * All rows; blank lines are passed over.
   *
   * @throws InvalidValueException naming file and line, where one is no JSON object
   * @throws IOException when the file cannot be read or its compression is damaged
   */
  public static List<Row> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidValueException(
          file.toString(), "there is no such file", "give the path of a .jsonl or .jsonl.gz file");
    }
    List<Row> rows = new ArrayList<>();
    try (BufferedReader reader = open(file)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          rows.add(new Row(file, number, parse(file, number, line)));
        }
      }
    } catch (CharacterCodingException e) {
      throw new InvalidValueException(
          file.toString(), "it is not UTF-8 text", "save it as UTF-8, or as gzip of UTF-8");
    }
    if (rows.isEmpty()) {
      throw new InvalidValueException(file.toString(), "it has no row", "give at least one");
    }
    return rows;
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    in.mark(2);
    int magic = (in.read() << 8) | in.read();
    in.reset();
    InputStream content = magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
    return new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8.newDecoder()));
  }

  private static JsonNode parse(Path file, int number, String line) {
    try {
      JsonNode node = READER.readValue(line);
      if (!node.isObject()) {
        throw new InvalidValueException(
            file + ":" + number, "it is no JSON object", "write one object such as {\"text\": …}");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new InvalidValueException(
          file + ":" + number,
          "it is no JSON (" + e.getOriginalMessage() + ")",
          "write one JSON object a line");
    }
  }
}
