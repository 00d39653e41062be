package io.tierwise.local.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The Runtime API that sandboxes poll, and the Invoke API that the SDK's client calls, on one port
 * of this machine.
 */
public final class LambdaServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LambdaServer.class.getName());
  private static final String RUNTIME = "/sandbox/{sandbox}/2018-06-01/runtime";
  private static final String JSON = "application/json";
  private static final int LARGEST_PAYLOAD = 6 * 1024 * 1024;
  private static final HeaderName REQUEST_ID = HeaderNames.create("Lambda-Runtime-Aws-Request-Id");
  private static final HeaderName DEADLINE = HeaderNames.create("Lambda-Runtime-Deadline-Ms");
  private static final HeaderName ARN = HeaderNames.create("Lambda-Runtime-Invoked-Function-Arn");
  private static final HeaderName ERROR = HeaderNames.create("X-Amz-Function-Error");
  private static final HeaderName ERROR_TYPE = HeaderNames.create("X-Amzn-ErrorType");
  private static final HeaderName TYPE = HeaderNames.create("X-Amz-Invocation-Type");

  private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
  private final Map<String, LocalFunction> functions = new LinkedHashMap<>();
  private final WebServer server;

  private LambdaServer(Collection<FunctionSettings> settings, Path logs, int port) {
    for (FunctionSettings each : settings) {
      functions.put(each.name(), new LocalFunction(each, logs, sandboxes));
    }
    HttpRouting.Builder routing =
        HttpRouting.builder()
            .get(RUNTIME + "/invocation/next", this::next)
            .post(RUNTIME + "/invocation/{id}/response", (in, out) -> report(in, out, false))
            .post(RUNTIME + "/invocation/{id}/error", (in, out) -> report(in, out, true))
            .post(RUNTIME + "/init/error", this::initFailed)
            .post(RUNTIME + "/restore/error", this::initFailed)
            .get(RUNTIME + "/restore/next", (in, out) -> out.send("{}"))
            .post("/2015-03-31/functions/{name}/invocations", this::invoke);
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(port)
            .maxPayloadSize(4L * LARGEST_PAYLOAD)
            .shutdownHook(false)
            .routing(routing)
            .build()
            .start();
  }

  /**
   * Listens when it returns; sandboxes start with the first invocation.
   *
   * @param logs one file for each function
   * @param port 0 for any free one
   */
  public static LambdaServer start(Collection<FunctionSettings> functions, Path logs, int port) {
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new UncheckedIOException("the logs' directory cannot be made", e);
    }
    return new LambdaServer(functions, logs, port);
  }

  public int port() {
    return server.port();
  }

  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /**
   * Invokes a function and waits for its answer.
   *
   * @param name its name, also with an alias behind a colon
   * @throws ThrottledException when all of its concurrency is taken
   */
  public Outcome invoke(String name, byte[] event) throws InterruptedException {
    LocalFunction function = functions.get(withoutAlias(name));
    if (function == null) {
      throw new InvalidValueException(
          "function", "there is no '" + name + "'", "use one of " + functions.keySet());
    }
    return function.invoke(event, "127.0.0.1:" + server.port());
  }

  /** How many sandboxes have an event in hand. */
  public int sandboxesAtWork() {
    return (int) sandboxes.values().stream().filter(Sandbox::atWork).count();
  }

  /** Lets a function's processes do what they do at their end, and ends them. */
  void endGently(String name, Duration patience) throws InterruptedException {
    LocalFunction function = functions.get(name);
    if (function != null) {
      function.endGently(patience);
    }
  }

  /** The memory that a function's processes hold now, in bytes. */
  public long residentBytes(String name) throws IOException {
    LocalFunction function = functions.get(name);
    return function == null ? 0 : function.residentBytes();
  }

  private static String withoutAlias(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  private @Nullable Sandbox sandbox(ServerRequest request) {
    return sandboxes.get(request.path().pathParameters().get("sandbox"));
  }

  private void next(ServerRequest request, ServerResponse response) {
    Sandbox sandbox = sandbox(request);
    Invocation invocation = sandbox == null ? null : waitFor(sandbox);
    if (invocation == null) {
      response.status(Status.GONE_410).send();
      return;
    }
    response
        .header(REQUEST_ID, invocation.id())
        .header(DEADLINE, Long.toString(invocation.deadline().toEpochMilli()))
        .header(ARN, "arn:aws:lambda:us-east-1:000000000000:function:local")
        .header(HeaderNames.CONTENT_TYPE, JSON)
        .send(invocation.event());
  }

  /** Null when there is none any more, as when this server is stopped. */
  private static @Nullable Invocation waitFor(Sandbox sandbox) {
    try {
      return sandbox.next();
    } catch (InterruptedException e) {
      return null;
    }
  }

  private void report(ServerRequest request, ServerResponse response, boolean failed) {
    Sandbox sandbox = sandbox(request);
    byte[] payload = body(request);
    if (sandbox != null) {
      String id = request.path().pathParameters().get("id");
      if (payload.length > LARGEST_PAYLOAD) {
        Invocation.Answer tooLarge =
            Sandbox.error("Function.ResponseSizeTooLarge", "Response payload size exceeded 6 MB");
        sandbox.report(id, tooLarge.payload(), true);
      } else {
        sandbox.report(id, payload, failed);
      }
    }
    response.status(Status.ACCEPTED_202).header(HeaderNames.CONTENT_TYPE, JSON);
    response.send("{\"status\":\"OK\"}");
  }

  private void initFailed(ServerRequest request, ServerResponse response) {
    Sandbox sandbox = sandbox(request);
    byte[] error = body(request);
    if (sandbox != null) {
      sandbox.initFailed(error);
    }
    response.status(Status.ACCEPTED_202).header(HeaderNames.CONTENT_TYPE, JSON);
    response.send("{\"status\":\"OK\"}");
  }

  private void invoke(ServerRequest request, ServerResponse response) throws InterruptedException {
    String name = request.path().pathParameters().get("name");
    byte[] event = body(request);
    if (!functions.containsKey(withoutAlias(name))) {
      refuse(response, 404, "ResourceNotFoundException", "Function not found: " + name);
    } else if (event.length > LARGEST_PAYLOAD) {
      refuse(response, 413, "RequestTooLargeException", "The payload has more than 6 MB.");
    } else if (request.headers().contains(TYPE)
        && request.headers().get(TYPE).get().equals("Event")) {
      Thread.startVirtualThread(() -> later(name, event));
      response.status(Status.ACCEPTED_202).send();
    } else {
      answer(name, event, response);
    }
  }

  private void answer(String name, byte[] event, ServerResponse response)
      throws InterruptedException {
    try {
      Outcome outcome = invoke(name, event);
      if (outcome.functionError() != null) {
        response.header(ERROR, outcome.functionError());
      }
      response.header(HeaderNames.CONTENT_TYPE, JSON).send(outcome.payload());
    } catch (ThrottledException e) {
      refuse(response, 429, "TooManyRequestsException", String.valueOf(e.getMessage()));
    }
  }

  private void later(String name, byte[] event) {
    try {
      invoke(name, event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "an event for " + name + " failed", e);
    }
  }

  private static void refuse(ServerResponse response, int status, String type, String message) {
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("Type", "User")
            .put("message", message)
            .toString();
    response.status(Status.create(status)).header(ERROR_TYPE, type);
    response.header(HeaderNames.CONTENT_TYPE, JSON);
    response.send(json.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] body(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends every sandbox at once. */
  @Override
  public void close() {
    functions.values().forEach(LocalFunction::close);
    server.stop();
  }
}
