package io.tierwise.gateway.front;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.chat.Chats;
import io.tierwise.gateway.dialect.Arrival;
import io.tierwise.gateway.dialect.ChatCall;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.Reply;

/** OpenAI's paths. Each needs a key. */
final class OpenAiRoutes {
  private final Gateway gateway;
  private final Callers callers;
  private final MadeOfTasks<OpenAiDialect> dialects;

  OpenAiRoutes(Gateway gateway, Callers callers) {
    this.gateway = gateway;
    this.callers = callers;
    this.dialects =
        new MadeOfTasks<>(gateway::tasks, tasks -> new OpenAiDialect(tasks, gateway.since()));
  }

  void addTo(Paths paths) {
    paths
        .post("/v1/chat/completions", this::complete)
        .get("/v1/models", this::models)
        .get("/v1/models/{name}", this::model);
  }

  private Reply complete(Call request, String requestId) {
    Arrival arrival = callers.arrival(request, requestId);
    byte[] body = request.body();
    Chats chats = gateway.chats();
    if (!chats.names().isEmpty()) {
      ObjectNode json = OpenAiDialect.read(body);
      String model = json.path("model").asText();
      if (chats.knows(model)) {
        request.waits(arrival.cancellation());
        return chats.answer(model, json, arrival);
      }
    }
    OpenAiDialect dialect = dialects.now();
    ChatCall call = dialect.decode(body, arrival);
    request.waits(arrival.cancellation());
    return dialect.encode(call, gateway.answer(call.request()));
  }

  private Reply models(Call request, String requestId) {
    callers.authenticate(request);
    return dialects.now().models(gateway.chats().names());
  }

  private Reply model(Call request, String requestId) {
    callers.authenticate(request);
    return dialects.now().model(request.parameter("name"), gateway.chats().names());
  }
}
