package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.router.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/api.md} says, a gateway does. */
class ApiReferenceTest {
  private static final Path REFERENCE = Path.of("..", "docs", "api.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("```sh\n(.*?)```\\s+```http\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REQUEST_ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");

  @TempDir private static Path folder;
  private static RunningGateway running;

  /** A command and the response it is shown with. */
  record Example(String command, String response) {}

  @BeforeAll
  static void start() {
    running = new RunningGateway(folder, Setup.USUAL, ApiReferenceTest::withChat);
  }

  private static TierwiseConfig withChat(TierwiseConfig config) {
    ChatModel model = new ChatModel("gpu", "big");
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        config.upstreams(),
        config.prices(),
        config.tasks(),
        config.budgets(),
        List.of(new ChatConfig("assistant", model, model, new Contract(0.05, 0.05))));
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  static Stream<Example> examples() throws IOException {
    Matcher matcher = EXAMPLE.matcher(Files.readString(REFERENCE));
    return matcher
        .results()
        .map(found -> new Example(found.group(1), found.group(2)))
        .toList()
        .stream();
  }

  private static String run(String command) throws IOException {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", command);
    shell.environment().put("TIERWISE_KEY", running.key());
    Process process = shell.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Status line, headers in small letters, and the body, with one request id for all. */
  private record Response(String status, List<String> headers, String body) {
    static Response of(String text) {
      String unified =
          REQUEST_ID.matcher(text.replace("\r\n", "\n")).replaceAll("REQUEST-ID").strip();
      int end = unified.indexOf("\n\n");
      List<String> head = unified.substring(0, end).lines().toList();
      List<String> headers =
          head.stream()
              .skip(1)
              .map(line ->
                  line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)
                      + line.substring(line.indexOf(':')))
              .toList();
      return new Response(head.getFirst().strip(), headers, unified.substring(end + 2));
    }

    /** JSON without its white space; anything else as it is. */
    String canonicalBody() throws IOException {
      return body.startsWith("{") ? new ObjectMapper().readTree(body).toString() : body;
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void showsWhatTheCommandAnswers(Example example) throws IOException {
    assumeTrue(run("command -v curl").contains("curl"), "there is no curl here");
    Response expected = Response.of(example.response());
    String answered = running.ask("hello").header("x-tierwise-request-id");
    String output =
        run(
            REQUEST_ID
                .matcher(example.command().replace("http://127.0.0.1:8080", running.url()))
                .replaceAll(answered));
    Response actual = Response.of(output);
    assertEquals(expected.status(), actual.status(), output);
    assertEquals(expected.canonicalBody(), actual.canonicalBody());
    for (String header : expected.headers()) {
      assertTrue(actual.headers().contains(header), () -> header + " is not in " + output);
    }
  }

  @Test
  void namesEveryPathHeaderAndErrorCode() throws IOException {
    String reference = Files.readString(REFERENCE);
    assertEquals(10, examples().count());
    var description = running.get("/openapi.json").json();
    description
        .path("paths")
        .fieldNames()
        .forEachRemaining(
            path -> assertTrue(reference.contains(path.replace("/versions/{version}", "")), path));
    description
        .findPath("headers")
        .fieldNames()
        .forEachRemaining(header -> assertTrue(reference.contains('`' + header + '`'), header));
    for (String code : codes()) {
      assertTrue(reference.contains('`' + code + '`'), code);
    }
  }

  /** The words that look like an error's code in the sources that refuse. */
  private static List<String> codes() throws IOException {
    Pattern code =
        Pattern.compile(
            "\"((?:invalid|missing|unknown|unsupported|no|method|request|string|model|version"
                + "|not|internal)_[a-z_]+)\"");
    try (Stream<Path> sources =
        Files.walk(Path.of("src", "main", "java", "io", "tierwise", "gateway"))) {
      List<String> texts =
          sources
              .filter(path -> path.toString().matches(".*/(dialect|server)/\\w+\\.java"))
              .map(ApiReferenceTest::read)
              .toList();
      return texts.stream()
          .flatMap(text -> code.matcher(text).results().map(found -> found.group(1)))
          .filter(word -> !word.equals("invalid_request_error") && !word.startsWith("model_name"))
          .filter(word -> !word.equals("model_version") && !word.equals("request_id"))
          .distinct()
          .toList();
    }
  }

  private static String read(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
