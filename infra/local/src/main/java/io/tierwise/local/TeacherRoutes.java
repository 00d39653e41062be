package io.tierwise.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.model.Prediction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What a teacher answers at which path. */
final class TeacherRoutes {
  static final int LARGEST_BODY = 1 << 20;

  private static final String JSON = "application/json; charset=utf-8";
  private static final System.Logger LOG = System.getLogger(TeacherRoutes.class.getName());

  private final Teacher teacher;
  private final Manifest manifest;
  private final Duration addedLatency;
  private final Clock clock;
  private final AtomicLong answers = new AtomicLong();

  TeacherRoutes(Teacher teacher, Duration addedLatency, Clock clock) {
    this.teacher = teacher;
    this.manifest = teacher.student().artifact().manifest();
    this.addedLatency = addedLatency;
    this.clock = clock;
  }

  void addTo(HttpRouting.Builder routing) {
    routing
        .post("/v1/chat/completions", answering(this::complete))
        .any("/v1/chat/completions", answering(request -> onlyAllows("POST")))
        .get("/v1/models", answering(request -> models()))
        .any("/v1/models", answering(request -> onlyAllows("GET")))
        .post("/invocations", answering(this::invoke))
        .any("/invocations", answering(request -> onlyAllows("POST")))
        .get("/ping", answering(request -> JsonNodeFactory.instance.objectNode()))
        .any("/ping", answering(request -> onlyAllows("GET")))
        .any(
            answering(request -> {
              throw new RefusedException(404, null, "not_found", "There is nothing at this path.");
            }));
  }

  /** Answers one request, or throws a {@link RefusedException}. */
  @FunctionalInterface
  private interface Route {
    ObjectNode answer(ServerRequest request);
  }

  private ObjectNode complete(ServerRequest request) {
    if (!(teacher instanceof Teacher.OfTexts texts)) {
      throw RefusedException.invalid("model", "reads feature vectors: send them to /invocations.");
    }
    ChatCompletion completion = ChatCompletion.read(Json.object(body(request)));
    if (!completion.model().equals(manifest.task())) {
      throw new RefusedException(
          404,
          "model",
          "model_not_found",
          "'model' is '%s'; this teacher knows '%s'."
              .formatted(completion.model(), manifest.task()));
    }
    List<Input> inputs = List.of(new Input.Text(completion.text()));
    Prediction prediction = texts.student().predict(inputs).getFirst();
    int tokens = texts.tokens(inputs);
    pause();
    String id = "chatcmpl-" + manifest.version() + "-" + answers.incrementAndGet();
    return completion.answer(
        prediction, tokens, manifest.version(), id, clock.instant().getEpochSecond());
  }

  private ObjectNode invoke(ServerRequest request) {
    Invocation invocation = Invocation.read(Json.object(body(request)), teacher);
    List<Prediction> predictions = teacher.student().predict(invocation.inputs());
    pause();
    return invocation.answer(predictions, teacher);
  }

  private ObjectNode models() {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("object", "list");
    root.putArray("data")
        .addObject()
        .put("id", manifest.task())
        .put("object", "model")
        .put("created", manifest.createdAt().getEpochSecond())
        .put("owned_by", "tierwise");
    return root;
  }

  private static ObjectNode onlyAllows(String method) {
    throw new RefusedException(
        405, null, "method_not_allowed", "This path knows " + method + " alone.");
  }

  private void pause() {
    try {
      Thread.sleep(addedLatency);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(503, null, "closing", "The teacher is closing.");
    }
  }

  private static Handler answering(Route route) {
    return (request, response) -> {
      try {
        send(response, 200, route.answer(request));
      } catch (RefusedException e) {
        send(response, e.status(), e.json());
      } catch (CloseConnectionException e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a request failed", e);
        RefusedException failed =
            new RefusedException(500, null, "internal_error", "The teacher failed.");
        send(response, failed.status(), failed.json());
      }
    };
  }

  private static void send(ServerResponse response, int status, ObjectNode body) {
    response.status(Status.create(status)).header(HeaderNames.CONTENT_TYPE, JSON);
    if (status == 413) {
      // What is left of the body is not read, so the connection cannot be used again.
      response.header(HeaderNames.CONNECTION, "close");
    }
    response.send(Json.bytes(body));
  }

  private static byte[] body(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream stream = request.content().inputStream()) {
      byte[] body = stream.readNBytes(LARGEST_BODY + 1);
      if (body.length > LARGEST_BODY) {
        // Read on for a while, so that a caller who is still sending gets to read the refusal.
        stream.skip(4L * LARGEST_BODY);
        throw new RefusedException(
            413, "body", "request_too_large", "'body' has more than " + LARGEST_BODY + " bytes.");
      }
      return body;
    } catch (IOException | UncheckedIOException e) {
      throw new CloseConnectionException("the caller is gone", e);
    }
  }
}
