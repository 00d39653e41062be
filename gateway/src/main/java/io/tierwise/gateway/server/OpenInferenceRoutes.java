package io.tierwise.gateway.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.Arrival;
import io.tierwise.gateway.dialect.InferCall;
import io.tierwise.gateway.dialect.OpenInferenceDialect;
import io.tierwise.gateway.dialect.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Open Inference Protocol's paths. Each needs a key. */
final class OpenInferenceRoutes {
  private static final String BINARY = "inference-header-content-length";
  private static final HeaderName BINARY_HEADER = HeaderNames.create(BINARY);

  private final Gateway gateway;
  private final Callers callers;
  private final MadeOfTasks<OpenInferenceDialect> dialects;

  OpenInferenceRoutes(Gateway gateway, Callers callers) {
    this.gateway = gateway;
    this.callers = callers;
    this.dialects = new MadeOfTasks<>(gateway::tasks, OpenInferenceDialect::new);
  }

  void addTo(Paths paths) {
    paths.get("/v2", this::server);
    for (String model : List.of("/v2/models/{name}", "/v2/models/{name}/versions/{version}")) {
      paths
          .get(model, this::metadata)
          .get(model + "/ready", this::ready)
          .post(model + "/infer", this::infer);
    }
  }

  private Reply server(ServerRequest request, String requestId) {
    callers.authenticate(request);
    return dialects.now().server();
  }

  private Reply metadata(ServerRequest request, String requestId) {
    callers.authenticate(request);
    return dialects.now().metadata(name(request), version(request));
  }

  private Reply ready(ServerRequest request, String requestId) {
    callers.authenticate(request);
    return dialects.now().ready(name(request), version(request), gateway.ready());
  }

  private Reply infer(ServerRequest request, String requestId) {
    Arrival arrival = callers.arrival(request, requestId);
    if (Callers.header(request, BINARY_HEADER).isPresent()) {
      throw OpenInferenceDialect.binaryNotSupported(BINARY);
    }
    byte[] body = Callers.body(request);
    OpenInferenceDialect dialect = dialects.now();
    InferCall call = dialect.decode(name(request), version(request), body, arrival);
    callers.waits(request, arrival);
    return dialect.encode(call, gateway.answerAll(call.rows()));
  }

  private static String name(ServerRequest request) {
    return request.path().pathParameters().get("name");
  }

  private static @Nullable String version(ServerRequest request) {
    return request.path().pathParameters().first("version").orElse(null);
  }
}
