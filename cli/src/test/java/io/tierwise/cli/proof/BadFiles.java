package io.tierwise.cli.proof;

import io.tierwise.distill.data.JsonLines;
import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Artifacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that are refused. */
final class BadFiles {
  private static final String CONFIG =
      """
      upstreams:
        gpt:
          url: https://llm.example/v1
          protocol: openai
          model: gpt-4o
      tasks:
        - name: desk
          labels: [refund, delivery]
          contract: {epsilon: 0.05, delta: 0.05}
          large: {upstream: gpt, price: gpt-4o}
      """;
  private static final String PRICES =
      """
      region: us-east-1
      prices:
        - {id: big, effectiveFrom: 2026-01-01, source: list, unit: per-token, inputPerMillion: '2.5', outputPerMillion: '10'}
      """;

  private BadFiles() {}

  record Group(String name, List<Case> cases) {}

  /**
   * One bad file.
   *
   * @param reading writes it into a directory and reads it there
   */
  record Case(String name, Reading reading) {
    /** The sentence that a person gets. */
    String trouble(Path directory) throws IOException {
      try {
        reading.in(directory);
      } catch (ConfigException e) {
        return String.valueOf(e.getMessage());
      } catch (InvalidValueException e) {
        return e.field() + ": " + e.trouble() + "; " + e.fix();
      }
      throw new AssertionError(name + " was taken");
    }
  }

  @FunctionalInterface
  interface Reading {
    void in(Path directory) throws IOException;
  }

  static List<Group> groups() {
    return List.of(
        new Group("`tierwise.yaml`", configurations()),
        new Group("Price files", prices()),
        new Group("Data: JSONL", data()),
        new Group("Artifacts", artifacts()));
  }

  private static List<Case> configurations() {
    return List.of(
        new Case("no such file", directory -> ConfigFile.load(directory.resolve("tierwise.yaml"))),
        config("an empty file", ""),
        config("a list", "- a\n"),
        config("broken YAML: `a: [`", "a: [\n"),
        config("a tab before a key", "upstreams:\n\tgpt: {}\n"),
        config("a key twice", CONFIG + "data: one\ndata: two\n"),
        changed("tasks:", "task:"),
        changed("labels:", "label:"),
        changed("https://llm.example/v1", "llm.example"),
        changed("https://llm.example/v1", "ftp://llm.example"),
        changed("protocol: openai", "protocol: grpc"),
        changed("name: desk", "name: 'a desk/of mine'"),
        changed("[refund, delivery]", "[]"),
        changed("[refund, delivery]", "[refund]"),
        changed("[refund, delivery]", "[refund, refund]"),
        changed("[refund, delivery]", "refund"),
        changed("epsilon: 0.05", "epsilon: 5"),
        changed("epsilon: 0.05", "epsilon: five"),
        changed("delta: 0.05", "delta: 0"),
        changed("upstream: gpt", "upstream: gtp"),
        changed("price: gpt-4o", "price: gpt-5o"),
        config("`server: {port: 70000}`", CONFIG + "server: {port: 70000}\n"),
        config("`server: {prot: 8080}`", CONFIG + "server: {prot: 8080}\n"),
        changed("model: gpt-4o", "model: gpt-4o\n    timeout: 10"),
        changed("model: gpt-4o", "model: gpt-4o\n    timeout: -1s"),
        changed("model: gpt-4o", "model: gpt-4o\n    apiKey: sk-123"),
        config(
            "`budgets: [{tenant: acme, daily: -5}]`",
            CONFIG + "budgets: [{tenant: acme, daily: -5}]\n"));
  }

  private static List<Case> prices() {
    return List.of(
        price("no `source`", "source: list, ", ""),
        price("`inputPerMillion: '-1'`", "'2.5'", "'-1'"),
        price("`inputPerMillion: free`", "'2.5'", "free"),
        price("`unit: per-word`", "per-token", "per-word"),
        price("`effectiveFrom: soon`", "2026-01-01", "soon"),
        price("no `outputPerMillion`", ", outputPerMillion: '10'", ""));
  }

  private static List<Case> data() {
    return List.of(
        new Case("no such file", directory -> JsonLines.read(directory.resolve("data.jsonl"))),
        lines("an empty file", ""),
        lines("a line that is no JSON", "{\"text\": \"one\"}\ntwo\n"),
        lines("a line broken off", "{\"text\": \"one\"}\n{\"text\": \"tw"),
        lines("a list in a line", "[\"one\"]\n"),
        lines("a key twice", "{\"text\": \"one\", \"text\": \"two\"}\n"),
        new Case(
            "Latin-1",
            directory ->
                JsonLines.read(
                    Files.write(
                        directory.resolve("data.jsonl"),
                        "{\"text\": \"é\"}\n".getBytes(StandardCharsets.ISO_8859_1)))),
        row("no `text`", "{\"txt\": \"one\"}\n"),
        row("`\"text\": 5`", "{\"text\": 5}\n"),
        row("a blank text", "{\"text\": \" \"}\n"),
        row("features that are no numbers", "{\"features\": [1, \"x\"]}\n"));
  }

  private static List<Case> artifacts() {
    return List.of(
        new Case("no such directory", directory -> Artifact.open(directory.resolve("none"))),
        damaged(
            "a file was changed",
            artifact -> Files.write(artifact.resolve("model.onnx"), new byte[] {9, 9, 9, 9})),
        damaged(
            "a file was cut",
            artifact -> Files.write(artifact.resolve("model.onnx"), new byte[] {1})),
        damaged("a file is missing", artifact -> Files.delete(artifact.resolve("model.onnx"))),
        damaged(
            "a manifest that is no JSON",
            artifact -> Files.writeString(artifact.resolve("manifest.json"), "{")),
        manifest("a newer format", "\"formatVersion\" : 2", "\"formatVersion\" : 99"),
        manifest("another featurizer", "\"bag/", "\"bag/9"),
        manifest("a label twice", "\"yes\"", "\"no\""));
  }

  private static Case config(String name, String text) {
    return new Case(
        name,
        directory -> ConfigFile.load(Files.writeString(directory.resolve("tierwise.yaml"), text)));
  }

  private static Case changed(String old, String changed) {
    String shown = changed.substring(changed.indexOf('\n') + 1).strip();
    return config("`" + shown + "` for `" + old + "`", CONFIG.replace(old, changed));
  }

  private static Case price(String name, String old, String changed) {
    return new Case(
        name,
        directory ->
            PriceFile.load(
                Files.writeString(directory.resolve("prices.yaml"), PRICES.replace(old, changed))));
  }

  private static Case lines(String name, String text) {
    return new Case(
        name,
        directory -> JsonLines.read(Files.writeString(directory.resolve("data.jsonl"), text)));
  }

  private static Case row(String name, String text) {
    return new Case(
        name,
        directory ->
            JsonLines.read(Files.writeString(directory.resolve("data.jsonl"), text))
                .getFirst()
                .input());
  }

  private static Case damaged(String name, Reading damage) {
    return new Case(
        name,
        directory -> {
          Path artifact = directory.resolve("artifact");
          Artifacts.unloadable(artifact, "desk", 4);
          damage.in(artifact);
          Artifact.open(artifact);
        });
  }

  private static Case manifest(String name, String old, String changed) {
    return damaged(
        name,
        artifact -> {
          Path file = artifact.resolve("manifest.json");
          String text = Files.readString(file);
          String edited = text.replace(old, changed);
          if (edited.equals(text)) {
            throw new AssertionError(old + " is not in " + text);
          }
          Files.writeString(file, edited);
        });
  }
}
