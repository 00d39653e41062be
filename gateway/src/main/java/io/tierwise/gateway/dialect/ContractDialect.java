package io.tierwise.gateway.dialect;

import io.tierwise.gateway.contract.ContractRenderer;
import io.tierwise.gateway.contract.ContractStatus;
import java.util.Map;

/** Tierwise's own: how a task's contract stands. Errors are in OpenAI's form. */
public final class ContractDialect {
  private ContractDialect() {}

  public static Reply encode(ContractStatus status) {
    return Reply.json(200, Map.of(), ContractRenderer.json(status));
  }

  /** 404: there is no such task. */
  public static DialectException unknown(String task) {
    return new DialectException(
        404,
        DialectError.invalid(
            "task", "There is no task '" + StrictJson.excerpt(task) + "'.", "task_not_found"));
  }
}
