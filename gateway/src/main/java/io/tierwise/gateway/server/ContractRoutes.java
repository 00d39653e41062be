package io.tierwise.gateway.server;

import io.helidon.webserver.http.ServerRequest;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.ContractDialect;
import io.tierwise.gateway.dialect.Reply;

/** How the contracts stand. It needs a key. */
final class ContractRoutes {
  private final Gateway gateway;
  private final Callers callers;

  ContractRoutes(Gateway gateway, Callers callers) {
    this.gateway = gateway;
    this.callers = callers;
  }

  void addTo(Paths paths) {
    paths.get("/v1/tasks/{task}/contract", this::contract);
  }

  private Reply contract(ServerRequest request, String requestId) {
    callers.authenticate(request);
    String task = request.path().pathParameters().get("task");
    boolean known = gateway.tasks().stream().anyMatch(served -> served.task().name().equals(task));
    if (!known) {
      throw ContractDialect.unknown(task);
    }
    return ContractDialect.encode(gateway.contract(task));
  }
}
