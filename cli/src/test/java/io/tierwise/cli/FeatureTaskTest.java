package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.distill.onnx.OnnxModels;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.server.HttpServer;
import io.tierwise.local.TeacherOptions;
import io.tierwise.local.TeacherServer;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task over feature vectors, from a file of rows to a certified student that answers. */
class FeatureTaskTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 600;

  /** The teacher asks whether the sum of both features is above zero. */
  private static final float[] TEACHER = {0, 8, 0, 8};

  /** The student sees the second one at half its weight: it errs where it is unsure. */
  private static final float[] STUDENT = {0, 3, 0, 1.5f};

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private void run(Object... arguments) {
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    assertEquals(0, status, () -> out + "\n" + err);
  }

  @Test
  void goesFromAFileOfVectorsToACertifiedStudentThatAnswersThem() throws Exception {
    artifact("teacher", TEACHER);
    artifact("student", STUDENT);
    Path rows = rows();
    Path config = directory.resolve("tierwise.yaml");
    try (TeacherServer teacher =
        TeacherServer.start(new TeacherOptions("127.0.0.1", 0, directory.resolve("teacher"), 1))) {
      configure(config, teacher.port());
      Path answers = directory.resolve("answers.jsonl");
      Path parts = directory.resolve("parts");
      Path calibrated = directory.resolve("calibrated");
      List<Object> task = List.of("--config", config, "--task", "signs");

      distill("label", task, "--data", rows, "--out", answers);
      assertEquals(ROWS, Files.readAllLines(answers).size());
      distill("label", task, "--data", rows, "--out", answers);
      assertEquals(ROWS, Files.readAllLines(answers).size());
      distill("split", List.of(), "--data", answers, "--out", parts);
      distill(
          "calibrate",
          List.of(),
          "--artifact",
          directory.resolve("student"),
          "--data",
          parts.resolve("calibrate.jsonl"),
          "--out",
          calibrated);
      distill(
          "certify",
          task,
          "--artifact",
          calibrated,
          "--data",
          parts.resolve("certify.jsonl"),
          "--publish");
      run("doctor", "--config", config, "--json");
      assertTrue(out.toString().contains("its gate is open"), out.toString());
      ask(config);
    }
  }

  private void ask(Path config) throws Exception {
    try (Gateway gateway = Gateway.open(ConfigFile.load(config), Clock.systemUTC(), new Random(1));
        HttpServer server = HttpServer.start(gateway, "127.0.0.1", 0);
        HttpClient client = HttpClient.newHttpClient()) {
      String key = gateway.firstKey().orElseThrow().secretKey();

      assertEquals("student [yes]", infer(client, server.port(), key, "[[2, 1]]"));
      assertEquals("student [no]", infer(client, server.port(), key, "[[-3, -1]]"));
      assertEquals("large [yes]", infer(client, server.port(), key, "[[0.001, 0]]"));
      assertEquals("exact-cache [yes]", infer(client, server.port(), key, "[[0.001, 0]]"));
      assertEquals(
          "several [yes, no, yes]",
          infer(client, server.port(), key, "[[2, 1], [-3, -1], [0.001, 0]]"));
    }
  }

  private static String infer(HttpClient client, int port, String key, String data)
      throws Exception {
    int rows = JSON.readTree(data).size();
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + port + "/v2/models/signs/infer"))
                .header("authorization", "Bearer " + key)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        """
                        {"inputs": [{"name": "features", "shape": [%d, 2], "datatype": "FP32",
                          "data": %s}]}
                        """
                            .formatted(rows, data)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    List<String> labels = new ArrayList<>();
    JSON.readTree(response.body())
        .at("/outputs/0/data")
        .forEach(label -> labels.add(label.asText()));
    return response.headers().firstValue("x-tierwise-tier").orElse("several") + " " + labels;
  }

  private void distill(String job, List<Object> task, Object... more) {
    run(
        Stream.of(List.<Object>of("distill", job), task, List.of(more))
            .flatMap(List::stream)
            .toArray());
  }

  private void artifact(String name, float[] weights) throws IOException {
    ArtifactWriter.write(
        directory.resolve(name),
        new ArtifactWriter.Draft(
            "signs",
            Shape.MLP,
            "features/2",
            List.of("no", "yes"),
            new Calibration.Temperature(1),
            Map.of(),
            new Lineage("test", Map.of(), List.of(), "", 1, "1"),
            Instant.EPOCH),
        Map.of("model.onnx", OnnxModels.linear(weights, new float[2])));
  }

  private Path rows() throws IOException {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      lines.add(
          "{\"features\": [%s, %s]}"
              .formatted((float) random.nextGaussian(), (float) random.nextGaussian()));
    }
    return Files.write(directory.resolve("rows.jsonl"), lines);
  }

  private void configure(Path config, int teacher) throws IOException {
    Files.writeString(
        directory.resolve("prices.yaml"),
        """
        region: us-east-1
        prices:
          - {id: call, effectiveFrom: 2026-01-01, source: test, unit: per-request, perRequest: '0.01'}
        """);
    Files.writeString(
        config,
        """
        server: {port: 0}
        upstreams:
          large: {url: 'http://127.0.0.1:%d', protocol: invocations}
        prices: {files: [prices.yaml]}
        tasks:
          - name: signs
            labels: ['no', 'yes']
            input: features
            dimensions: 2
            audit: {openRate: 0}
            large: {upstream: large, price: call}
        """
            .formatted(teacher));
  }
}
