package io.tierwise.distill.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads files of one JSON object a line, plain or gzipped (told apart by their first bytes). */
public final class JsonLines {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final byte GZIP_FIRST = 0x1f;
  private static final byte GZIP_SECOND = (byte) 0x8b;
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private JsonLines() {}

  /**
   * All rows of a file; blank lines are passed over.
   *
   * @throws InvalidValueException naming file and line, where one is no JSON object in UTF-8, the
   *     compression is damaged, or there is no row
   * @throws IOException when the file cannot be read
   */
  public static List<Row> read(Path file) throws IOException {
    requireFile(file);
    try (InputStream content = Files.newInputStream(file)) {
      List<Row> rows = read(file, content);
      if (rows.isEmpty()) {
        throw new InvalidValueException(file + ":1", "the file has no row", "give at least one");
      }
      return rows;
    }
  }

  /**
   * All rows of some content; there may be none.
   *
   * @param file where the content is from, for the rows' places
   */
  public static List<Row> read(Path file, InputStream content) throws IOException {
    List<Row> rows = new ArrayList<>();
    int number = 0;
    try {
      BufferedReader bytes = bytes(content);
      for (String line = bytes.readLine(); line != null; line = bytes.readLine()) {
        String text = decoded(file, ++number, line);
        if (!text.isBlank()) {
          rows.add(new Row(file, number, object(file, number, text)));
        }
      }
    } catch (EOFException | ZipException e) {
      throw new InvalidValueException(
          file + ":" + (number + 1),
          "its compression is damaged here or soon after (" + e.getMessage() + ")",
          "copy the file again, or compress it again");
    }
    return rows;
  }

  /** Whether some content begins as gzip does. */
  public static boolean isGzip(byte[] content) {
    return content.length > 1 && content[0] == GZIP_FIRST && content[1] == GZIP_SECOND;
  }

  private static void requireFile(Path file) {
    if (!Files.exists(file) || Files.isDirectory(file)) {
      throw new InvalidValueException(
          file.toString(),
          Files.exists(file) ? "it is a directory" : "there is no such file",
          "give the path of a .jsonl or .jsonl.gz file");
    }
  }

  /** Lines whose characters are bytes: decoded one by one, so that a bad one can be named. */
  private static BufferedReader bytes(InputStream content) throws IOException {
    InputStream in = new BufferedInputStream(content);
    in.mark(2);
    byte[] start = in.readNBytes(2);
    in.reset();
    InputStream plain = isGzip(start) ? new GZIPInputStream(in) : in;
    return new BufferedReader(new InputStreamReader(plain, StandardCharsets.ISO_8859_1));
  }

  private static String decoded(Path file, int number, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return number == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidValueException(
          file + ":" + number, "it is not UTF-8 text", "save the file as UTF-8, or as gzip of it");
    }
  }

  private static ObjectNode object(Path file, int number, String line) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new InvalidValueException(
          file + ":" + number,
          "it is no JSON (" + e.getOriginalMessage() + ")",
          "write one JSON object a line");
    }
    throw new InvalidValueException(
        file + ":" + number, "it is no JSON object", "write one object such as {\"text\": …}");
  }
}
