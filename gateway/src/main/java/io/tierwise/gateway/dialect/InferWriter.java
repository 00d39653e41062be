package io.tierwise.gateway.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.List;

/** Writes answers as the protocol's output tensors. */
final class InferWriter {
  private InferWriter() {}

  static ObjectNode response(InferCall call, String version, List<Decision.Answered> answers) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.put("model_name", call.task().name());
    root.put("model_version", version);
    root.put("id", call.id());
    ArrayNode outputs = root.putArray("outputs");
    for (OutputTensor tensor : OutputTensor.values()) {
      if (call.outputs().contains(tensor)) {
        fill(outputs.addObject(), tensor, call.task(), answers);
      }
    }
    return root;
  }

  private static void fill(
      ObjectNode node,
      OutputTensor tensor,
      Task.Classification task,
      List<Decision.Answered> answers) {
    node.put("name", tensor.text());
    node.put("datatype", tensor.datatype());
    ArrayNode shape = node.putArray("shape").add(answers.size());
    ArrayNode data = StrictJson.MAPPER.createArrayNode();
    switch (tensor) {
      case LABEL -> answers.forEach(answer -> data.add(classified(answer).label().value()));
      case PROBABILITIES -> {
        shape.add(task.labels().size());
        answers.forEach(answer -> probabilities(data, task, classified(answer).distribution()));
      }
      case CONFIDENCE -> answers.forEach(answer -> data.add((float) answer.confidence().value()));
    }
    node.set("data", data);
  }

  /** A label that the distribution leaves out has none of the probability. */
  private static void probabilities(
      ArrayNode data, Task.Classification task, Distribution distribution) {
    for (Label label : task.labels()) {
      int index = distribution.labels().indexOf(label);
      data.add(index < 0 ? 0 : (float) distribution.probability(index));
    }
  }

  private static Answer.Classified classified(Decision.Answered answered) {
    return switch (answered.answer()) {
      case Answer.Classified classified -> classified;
      case Answer.Message message ->
          throw new IllegalStateException("a classification is answered with a label");
    };
  }
}
