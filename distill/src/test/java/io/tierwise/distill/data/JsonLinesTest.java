package io.tierwise.distill.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesTest {
  @TempDir private Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("data.jsonl"), content);
  }

  @Test
  void readsPlainAndGzippedFilesAlikeAndPassesOverBlankLines() throws IOException {
    String content = "{\"text\":\"a\",\"label\":\"x\"}\n\n{\"text\":\"ü\",\"label\":7}\n";
    Path gzipped = directory.resolve("data.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzipped))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    for (Path file : List.of(file(content), gzipped)) {
      List<Row> rows = JsonLines.read(file);
      assertEquals(2, rows.size());
      assertEquals(3, rows.get(1).line());
      assertEquals(new Input.Text("ü"), rows.get(1).input());
      assertEquals(Optional.of(new Label("7")), rows.get(1).label("label"));
      assertEquals(Optional.empty(), rows.get(1).label("reference"));
    }
  }

  @Test
  void readsFeatureVectors() throws IOException {
    Row row = JsonLines.read(file("{\"features\":[1, 2.5]}")).getFirst();
    assertEquals(new Input.Features(new float[] {1, 2.5f}), row.input());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json|data.jsonl:1|it is no JSON",
        "[1]|data.jsonl:1|it is no JSON object",
        "{\"text\":\"a\",\"text\":\"b\"}|data.jsonl:1|it is no JSON",
        "{\"text\":\"a\"} {}|data.jsonl:1|it is no JSON",
        "{\"text\":\"a\"|data.jsonl:1|it is no JSON",
        "{\"text\":5,\"label\":\"x\"}|data.jsonl:1|it has neither 'text'",
        "{\"label\":\"x\"}|data.jsonl:1|it has neither 'text'",
        "{\"text\":\" \",\"label\":\"x\"}|data.jsonl:1.text|it is blank",
        "{\"features\":[],\"label\":\"x\"}|data.jsonl:1.features|there are none",
        "{\"features\":[1,\"b\"],\"label\":\"x\"}|data.jsonl:1.features[1]|it is no number",
        "{\"text\":\"a\",\"label\":[1]}|data.jsonl:1.label|it is neither a string nor",
        "{\"text\":\"a\",\"label\":\"\"}|data.jsonl:1.label.label|it is blank",
      })
  void namesTheRowTheTroubleAndTheFix(String line, String field, String trouble)
      throws IOException {
    Path file = file(line + "\n");
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> {
              Row row = JsonLines.read(file).getFirst();
              row.input();
              row.label("label");
            });
    assertEquals(directory.resolve(field).toString(), refused.field());
    assertTrue(refused.trouble().startsWith(trouble), refused.trouble());
    assertTrue(!refused.fix().isBlank());
  }

  @Test
  void refusesWhatIsNoDataFileAtAll() throws IOException {
    assertThrows(
        InvalidValueException.class, () -> JsonLines.read(directory.resolve("missing.jsonl")));
    Path empty = file("");
    assertEquals(
        "it has no row",
        assertThrows(InvalidValueException.class, () -> JsonLines.read(empty)).trouble());
    Path latin = directory.resolve("latin.jsonl");
    Files.write(latin, "{\"text\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        "it is not UTF-8 text",
        assertThrows(InvalidValueException.class, () -> JsonLines.read(latin)).trouble());
    Path cut = directory.resolve("cut.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(cut))) {
      out.write("{\"text\":\"a\"}\n".repeat(500).getBytes(StandardCharsets.UTF_8));
    }
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length - 10));
    assertThrows(IOException.class, () -> JsonLines.read(cut));
  }

  @Test
  void readsAnswersWithTheirProbabilitiesAndSkipsRowsWithoutAnswer() throws IOException {
    Path file =
        file(
            """
            {"text":"a","reference":"x","probabilities":{"x":0.75,"y":0.25}}
            {"text":"b","reference":null}
            {"text":"c","reference":"y"}
            """);
    List<Answered> answers = AnsweredFile.read(file, "reference");
    assertEquals(2, answers.size());
    List<Label> labels = List.of(new Label("y"), new Label("x"));
    assertEquals(0.25f, answers.get(0).target(labels)[0]);
    assertEquals(Distribution.certain(new Label("y")), answers.get(1).reference());
    InvalidValueException foreign =
        assertThrows(
            InvalidValueException.class,
            () -> answers.get(1).target(List.of(new Label("x"), new Label("z"))));
    assertEquals("'y' is not a label of the task", foreign.trouble());
    assertThrows(InvalidValueException.class, () -> AnsweredFile.read(file, "answer"));
  }
}
