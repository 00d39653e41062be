package io.tierwise.gateway.dialect;

import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Task;
import java.util.List;
import java.util.Set;

/**
 * A decoded inference.
 *
 * @param requestId the id of the whole; its rows have their own where there are several
 * @param id what the caller calls it, or its request id
 * @param rows one request per row of the input tensor
 * @param outputs the output tensors that the caller wants
 */
public record InferCall(
    String requestId,
    String id,
    Task.Classification task,
    List<InferenceRequest> rows,
    Set<OutputTensor> outputs) {
  public InferCall {
    rows = List.copyOf(rows);
    outputs = Set.copyOf(outputs);
  }
}
