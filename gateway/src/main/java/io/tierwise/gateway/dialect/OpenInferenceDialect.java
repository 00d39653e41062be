package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.Version;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.InputForm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Open Inference Protocol, version 2, as KServe and Triton speak it, with JSON tensors.
 *
 * <p>A model is a task. Its input is one tensor, of texts (BYTES) or of feature vectors (FP32) as
 * the task is configured; each row is a request of its own, with its own tiers and its own record
 * in the ledger. Errors are {@code {"error": MESSAGE}}.
 *
 * <p>A task has one version, {@code 1}: what callers depend on is its labels, and those are
 * configured. Which artifact or endpoint answered is in the headers.
 */
public final class OpenInferenceDialect {
  /** The one version of every task. */
  public static final String MODEL_VERSION = "1";

  /** Tierwise's own version. */
  public static final String SERVER_VERSION = Version.CURRENT;

  private final ServedTasks tasks;

  public OpenInferenceDialect(Collection<ServedTask> tasks) {
    this.tasks = new ServedTasks(tasks);
  }

  /**
   * @param version what the path names; null when it names none
   * @throws DialectException 400 or 404, naming the field or header that is wrong
   */
  public InferCall decode(String model, @Nullable String version, byte[] body, Arrival arrival) {
    ServedTask served = served(model, version);
    InferReader reader = new InferReader(StrictJson.object(body));
    String id = reader.id().orElse(arrival.requestId());
    List<Input> inputs = reader.inputs(served.form());
    List<InferenceRequest> rows = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      String row = inputs.size() == 1 ? arrival.requestId() : arrival.requestId() + "-" + i;
      rows.add(
          new InferenceRequest.Classify(
              arrival.context(row, served, 0), served.task(), inputs.get(i)));
    }
    return new InferCall(arrival.requestId(), id, served.task(), rows, reader.outputs());
  }

  /** One row's headers are those of its request; several rows have their sums. */
  public Reply encode(InferCall call, BatchDecision batch) {
    Map<String, String> headers =
        call.rows().size() == 1
            ? TierwiseHeaders.of(call.rows().getFirst(), batch.decisions().getFirst())
            : TierwiseHeaders.ofAll(call.requestId(), batch.decisions());
    return switch (batch) {
      case BatchDecision.Answered answered ->
          Reply.json(200, headers, InferWriter.response(call, MODEL_VERSION, answered.decisions()));
      case BatchDecision.Refused refused -> {
        RefusalWords words =
            RefusalWords.of(call.rows().get(refused.row()).context(), refused.refused().refusal());
        headers.putAll(words.hints());
        yield call.rows().size() == 1
            ? error(words.status(), words.error(), headers)
            : error(words.status(), inRow(refused.row(), words.error()), headers);
      }
    };
  }

  private static DialectError inRow(int row, DialectError error) {
    return new DialectError(
        "Row " + row + ": " + error.message(), error.type(), error.param(), error.code());
  }

  /** The answer to {@code GET /v2}. */
  public Reply server() {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.put("name", "tierwise").put("version", SERVER_VERSION).putArray("extensions");
    return Reply.json(200, Map.of(), root);
  }

  /**
   * A task's tensors; −1 is any number of rows. The labels are listed in the order of their
   * probabilities.
   *
   * @throws DialectException 404 when there is no such task or version
   */
  public Reply metadata(String model, @Nullable String version) {
    ServedTask served = served(model, version);
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.put("name", served.task().name());
    root.putArray("versions").add(MODEL_VERSION);
    root.put("platform", "tierwise");
    ArrayNode inputs = root.putArray("inputs");
    switch (served.form()) {
      case InputForm.Text text -> tensor(inputs, "text", "BYTES").add(-1);
      case InputForm.Features features ->
          tensor(inputs, "features", "FP32").add(-1).add(features.dimensions());
    }
    ArrayNode outputs = root.putArray("outputs");
    for (OutputTensor output : OutputTensor.values()) {
      ArrayNode shape = tensor(outputs, output.text(), output.datatype()).add(-1);
      if (output == OutputTensor.PROBABILITIES) {
        shape.add(served.task().labels().size());
      }
    }
    ArrayNode labels = root.putObject("parameters").putArray("labels");
    served.task().labels().forEach(label -> labels.add(label.value()));
    return Reply.json(200, Map.of(), root);
  }

  private static ArrayNode tensor(ArrayNode tensors, String name, String datatype) {
    return tensors.addObject().put("name", name).put("datatype", datatype).putArray("shape");
  }

  /**
   * @throws DialectException 404 when there is no such task or version
   */
  public Reply ready(String model, @Nullable String version, boolean ready) {
    ServedTask served = served(model, version);
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.put("name", served.task().name()).put("ready", ready);
    return Reply.json(ready ? 200 : 503, Map.of(), root);
  }

  /** An error of any status in the protocol's form. */
  public static Reply error(int status, DialectError error, Map<String, String> headers) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.put("error", StrictJson.wellFormed(error.message()));
    return Reply.json(status, headers, root);
  }

  /** The protocol's binary extension is announced by a header. */
  public static DialectException binaryNotSupported(String header) {
    return badRequest(
        header,
        "The header '" + header + "' is not supported: tensors are JSON only, without binary data.",
        "unsupported_parameter");
  }

  private ServedTask served(String model, @Nullable String version) {
    ServedTask served = tasks.named(model);
    if (version != null && !version.equals(MODEL_VERSION)) {
      String message =
          "The model `"
              + served.task().name()
              + "` has no version `"
              + StrictJson.excerpt(version)
              + "`; its one version is "
              + MODEL_VERSION
              + ".";
      throw new DialectException(
          404, DialectError.invalid("version", message, "version_not_found"));
    }
    return served;
  }
}
