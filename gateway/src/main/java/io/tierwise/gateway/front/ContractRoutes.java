package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.contract.ContractStatus;
import io.tierwise.gateway.dialect.ContractDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.store.KeyHolder;

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

  private Reply contract(Call request, String requestId) {
    KeyHolder holder = callers.holder(request);
    String task = request.parameter("task");
    if (!gateway.contracts().contains(task)) {
      throw ContractDialect.unknown(task);
    }
    ContractStatus status = gateway.contract(task);
    return ContractDialect.encode(
        switch (holder) {
          case KeyHolder.Administrator administrator -> status;
          case KeyHolder.Caller caller -> status.seenBy(caller.tenant());
        });
  }
}
