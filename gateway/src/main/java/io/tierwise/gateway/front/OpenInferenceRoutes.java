package io.tierwise.gateway.front;

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

  private Reply server(Call request, String requestId) {
    callers.authenticate(request);
    return dialects.now().server();
  }

  private Reply metadata(Call request, String requestId) {
    callers.authenticate(request);
    return dialects.now().metadata(name(request), version(request));
  }

  private Reply ready(Call request, String requestId) {
    callers.authenticate(request);
    return dialects.now().ready(name(request), version(request), gateway.ready());
  }

  private Reply infer(Call request, String requestId) {
    Arrival arrival = callers.arrival(request, requestId);
    if (request.header(BINARY).isPresent()) {
      throw OpenInferenceDialect.binaryNotSupported(BINARY);
    }
    byte[] body = request.body();
    OpenInferenceDialect dialect = dialects.now();
    InferCall call = dialect.decode(name(request), version(request), body, arrival);
    request.waits(arrival.cancellation());
    return dialect.encode(call, gateway.answerAll(call.rows()));
  }

  private static String name(Call request) {
    return request.parameter("name");
  }

  private static @Nullable String version(Call request) {
    return request.parameters().get("version");
  }
}
