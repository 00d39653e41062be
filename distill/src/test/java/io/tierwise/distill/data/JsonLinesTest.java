package io.tierwise.distill.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  private static final String GOOD = "{\"text\":\"a\",\"label\":\"x\"}\n";

  @TempDir private Path directory;

  @Test
  void readsPlainAndGzippedFilesAlikeAndPassesOverBlankLines() throws IOException {
    String content = GOOD + " \n{\"text\":\"ü\",\"label\":7}\n\n";
    for (Path file : List.of(file(content.getBytes(UTF_8)), file(gzipped(content)))) {
      List<Row> rows = JsonLines.read(file);
      assertEquals(2, rows.size());
      assertEquals(3, rows.get(1).line());
      assertEquals(new Input.Text("ü"), rows.get(1).input());
      assertEquals(Optional.of(new Label("7")), rows.get(1).label("label"));
      assertEquals(Optional.empty(), rows.get(1).label("reference"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"text\":\"a\"}", "{\"text\":\"a\"}\r\n", "\ufeff{\"text\":\"a\"}\n"})
  void readsAnyEndOfLineAndAByteOrderMark(String content) throws IOException {
    List<Row> rows = JsonLines.read(file(content.getBytes(UTF_8)));

    assertEquals(1, rows.size());
    assertEquals("a", rows.getFirst().text());
  }

  @Test
  void readsFeatureVectors() throws IOException {
    Row row = JsonLines.read(file("{\"features\":[1, 2.5]}".getBytes(UTF_8))).getFirst();

    assertEquals(new Input.Features(new float[] {1, 2.5f}), row.input());
    InvalidValueException refused = assertThrows(InvalidValueException.class, row::text);
    assertEquals(place(":1: it holds features; give texts here"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json|:2|it is no JSON (|write one JSON object a line",
        "[1]|:2|it is no JSON object|write one object such as {\"text\": …}",
        "null|:2|it is no JSON object|write one object such as {\"text\": …}",
        "7|:2|it is no JSON object|write one object such as {\"text\": …}",
        "{\"text\":\"a\",\"text\":\"b\"}|:2|it is no JSON (|write one JSON object a line",
        "{\"text\":\"a\"} {}|:2|it is no JSON (|write one JSON object a line",
        "{\"text\":\"a\"|:2|it is no JSON (|write one JSON object a line",
        "{\"text\":5}|:2|it has neither 'text' (a string)|add one of them",
        "{\"label\":\"x\"}|:2|it has neither 'text' (a string)|add one of them",
        "{\"text\":\" \"}|:2.text|it is blank|send at least one visible character",
        "{\"features\":[]}|:2.features|there are none|send at least one number",
        "{\"features\":[1,\"b\"]}|:2.features[1]|it is no number|write numbers only",
        "{\"features\":[1e39]}|:2.features[0]|Infinity is not finite|send finite numbers only",
        "{\"text\":\"a\",\"label\":[1]}|:2.label|it is neither a string nor|write a label",
        "{\"text\":\"a\",\"label\":1.5}|:2.label|it is neither a string nor|write a label",
        "{\"text\":\"a\",\"label\":true}|:2.label|it is neither a string nor|write a label",
        "{\"text\":\"a\",\"label\":\"\"}|:2.label|it is blank|give 1 to 256 characters",
      })
  void namesTheRowTheTroubleAndTheFix(String line, String field, String trouble, String fix)
      throws IOException {
    Path file = file((GOOD + line + "\n").getBytes(UTF_8));

    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> {
              Row row = JsonLines.read(file).get(1);
              row.input();
              row.label("label");
            });

    assertEquals(place(field), refused.field());
    assertTrue(refused.trouble().startsWith(trouble), refused.trouble());
    assertEquals(fix, refused.fix());
  }

  @Test
  void namesTheLineThatIsNotUtf8() throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(GOOD.repeat(1000).getBytes(UTF_8));
    content.write("{\"text\":\"café\"}\n".getBytes(ISO_8859_1));
    content.write(GOOD.repeat(1000).getBytes(UTF_8));

    assertRefused(
        file(content.toByteArray()),
        ":1001: it is not UTF-8 text; save the file as UTF-8, or as gzip of it");
  }

  @Test
  void namesTheLineWhereCompressionIsCutOff() throws IOException {
    byte[] whole = gzipped(randomLines());
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> JsonLines.read(file(cut)));

    int line = Integer.parseInt(refused.field().substring(place(":").length()));
    assertTrue(line > 1 && line <= 500, "line " + line + " of 1000, cut at the 500th");
    assertEquals(
        "its compression is damaged here or soon after (Unexpected end of ZLIB input stream)",
        refused.trouble());
    assertEquals("copy the file again, or compress it again", refused.fix());
  }

  @Test
  void namesTheLineWhereCompressionIsDamaged() throws IOException {
    byte[] damaged = gzipped(randomLines());
    damaged[damaged.length - 6] ^= 1;
    byte[] headless = Arrays.copyOf(damaged, 5);

    assertRefused(
        file(damaged),
        ":1001: its compression is damaged here or soon after (Corrupt GZIP trailer);"
            + " copy the file again, or compress it again");
    assertTrue(
        assertThrows(InvalidValueException.class, () -> JsonLines.read(file(headless)))
            .getMessage()
            .startsWith(place(":1: its compression is damaged")));
  }

  @Test
  void refusesWhatIsNoDataFileAtAll() throws IOException {
    String fix = "; give the path of a .jsonl or .jsonl.gz file";
    Path missing = directory.resolve("missing.jsonl");
    assertEquals(
        missing + ": there is no such file" + fix,
        assertThrows(InvalidValueException.class, () -> JsonLines.read(missing)).getMessage());
    assertEquals(
        directory + ": it is a directory" + fix,
        assertThrows(InvalidValueException.class, () -> JsonLines.read(directory)).getMessage());
    assertRefused(file(new byte[0]), ":1: the file has no row; give at least one");
    assertRefused(file("\n \n".getBytes(UTF_8)), ":1: the file has no row; give at least one");
    assertRefused(file(gzipped("")), ":1: the file has no row; give at least one");
  }

  @Test
  void readsATextOfManyLines() throws IOException {
    Row row = JsonLines.read(file("{\"text\":\"a\\nb\\u2028c\"}\n".getBytes(UTF_8))).getFirst();

    assertEquals("a\nb\u2028c", row.text());
    assertFalse(row.fields().has("label"));
  }

  private void assertRefused(Path file, String message) {
    assertEquals(
        place(message),
        assertThrows(InvalidValueException.class, () -> JsonLines.read(file)).getMessage());
  }

  /** What compresses badly, so that half of the bytes are half of the lines. */
  private static String randomLines() {
    Random random = new Random(1);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      lines.append("{\"text\":\"").append(random.nextLong()).append("\"}\n");
    }
    return lines.toString();
  }

  private static byte[] gzipped(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(directory.resolve("data.jsonl"), content);
  }

  private String place(String rest) {
    return directory.resolve("data.jsonl") + rest;
  }
}
