package io.tierwise.aws.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.tier.Attempt;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.PredictorException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The SDK's own client before a server that answers as Lambda does, well and badly. */
class FunctionStudentTest {
  @TempDir private Path work;
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;
  private LambdaClient lambda;
  private FunctionStudent student;
  private volatile Scripted next = new Scripted(200, "", "", "");

  private record Scripted(int status, String functionError, String errorType, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/2015-03-31/functions/student/invocations", this::answer);
    server.start();
    lambda =
        LambdaClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(
                UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(20)).build())
            .overrideConfiguration(options ->
                options
                    .apiCallTimeout(Duration.ofMillis(500))
                    .retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
    Artifact artifact = Artifacts.unloadable(work.resolve("artifact"), "support", 1);
    student = new FunctionStudent(lambda, "student", artifact);
  }

  @Test
  void refusesTwoInLineForTheFunctionAsksOne() throws IOException {
    Artifact one = Artifacts.unloadable(work.resolve("one"), "support", 1);
    Artifact line =
        ArtifactWriter.write(
            work.resolve("line"),
            Artifacts.bag("support", List.of("no", "yes")),
            ArtifactWriter.inLine(one, one, 1));
    assertEquals(
        "artifact: "
            + line.manifest().version()
            + " is two students in line, and a function asks one; set flywheel.line to false, or"
            + " serve students in the gateway's own process",
        assertThrows(
                InvalidValueException.class, () -> new FunctionStudent(lambda, "student", line))
            .getMessage());
  }

  private void answer(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
    Scripted script = next;
    exchange.getRequestBody().readAllBytes();
    if (script.status() == 0) {
      awaitEnd();
      exchange.close();
      return;
    }
    if (!script.functionError().isEmpty()) {
      exchange.getResponseHeaders().add("X-Amz-Function-Error", script.functionError());
    }
    if (!script.errorType().isEmpty()) {
      exchange.getResponseHeaders().add("X-Amzn-ErrorType", script.errorType());
    }
    byte[] body = script.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(script.status(), body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    end.countDown();
    lambda.close();
    server.stop(0);
  }

  private Attempt.Cause cause(Scripted script) {
    next = script;
    return assertThrows(
            PredictorException.class, () -> student.predict(List.of(new Input.Text("hello"))))
        .reason();
  }

  private String predictions(String artifact, String labels) {
    return """
    {"version": 1, "artifact": "%s", "labels": [%s], "predictions":
     [{"label": "yes", "confidence": 0.75, "probabilities": [0.25, 0.75]}]}\
    """
        .formatted(artifact, labels);
  }

  @Test
  void anAnswerIsThePrediction() {
    next = new Scripted(200, "", "", predictions(student.version(), "\"no\", \"yes\""));

    Prediction prediction = student.predict(List.of(new Input.Text("hello"))).getFirst();

    assertEquals("yes", prediction.label().value());
    assertEquals(0.75, prediction.confidence().value());
  }

  @Test
  void beingThrottledIsSaidSo() {
    assertEquals(
        Attempt.Cause.THROTTLED,
        cause(
            new Scripted(429, "", "TooManyRequestsException", "{\"message\":\"Rate exceeded\"}")));
  }

  @Test
  void takingTooLongIsATimeoutWhoeverNoticesIt() {
    assertEquals(Attempt.Cause.TIMEOUT, cause(new Scripted(0, "", "", "")));
    assertEquals(
        Attempt.Cause.TIMEOUT,
        cause(
            new Scripted(
                200,
                "Unhandled",
                "",
                "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"1 Task timed out after 2.00"
                    + " seconds\"}")));
  }

  @Test
  void crashingInInitIsAFailure() {
    assertEquals(
        Attempt.Cause.FAILED,
        cause(new Scripted(200, "Unhandled", "", "{\"errorType\":\"Runtime.ExitError\"}")));
    assertEquals(Attempt.Cause.FAILED, cause(new Scripted(500, "", "ServiceException", "{}")));
  }

  @Test
  void garbageIsAnUnusableAnswer() {
    for (String garbage :
        List.of(
            "<html>",
            "{}",
            "null",
            predictions("another", "\"no\", \"yes\""),
            predictions(student.version(), "\"maybe\", \"yes\""),
            predictions(student.version(), "\"yes\""))) {
      assertEquals(
          Attempt.Cause.UNUSABLE_ANSWER, cause(new Scripted(200, "", "", garbage)), garbage);
    }
  }

  @Test
  void aPayloadThatIsTooLargeIsAFailure() {
    assertEquals(
        Attempt.Cause.FAILED, cause(new Scripted(413, "", "RequestTooLargeException", "{}")));
  }
}
