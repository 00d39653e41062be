package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;
import static io.tierwise.gateway.dialect.StrictJson.absent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Label;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tierwise's own: {@code {"request_id", "label"}} says what the answer should have been. Errors are
 * in OpenAI's form.
 */
public final class FeedbackDialect {
  /** As in the header {@code x-tierwise-request-id}, with a row's number, or as OpenAI's id. */
  private static final Pattern REQUEST_ID =
      Pattern.compile(
          "(?:chatcmpl-)?"
              + "([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
              + "(?:-(?:0|[1-9][0-9]{0,2}))?)");

  private static final Set<String> KNOWN = Set.of("request_id", "label");

  private static final int MOST_SHOWN = 20;

  private final Map<String, List<String>> labelsByTask;
  private final Set<String> labels;

  /**
   * @param tasks whose labels are known
   */
  public FeedbackDialect(Collection<ServedTask> tasks) {
    this.labelsByTask =
        tasks.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    served -> served.task().name(),
                    served -> served.task().labels().stream().map(Label::value).toList()));
    this.labels =
        labelsByTask.values().stream()
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @throws DialectException 400, naming the field that is wrong
   */
  public Correction decode(byte[] body) {
    ObjectNode object = StrictJson.object(body);
    for (Map.Entry<String, JsonNode> property : object.properties()) {
      if (!KNOWN.contains(property.getKey())) {
        String shown = StrictJson.excerpt(property.getKey());
        throw badRequest(shown, "Unknown parameter: '" + shown + "'.", "unknown_parameter");
      }
    }
    Matcher id = REQUEST_ID.matcher(string(object, "request_id"));
    if (!id.matches()) {
      throw badRequest(
          "request_id",
          "'request_id' is no request id: send the answer's header 'x-tierwise-request-id'.",
          "invalid_value");
    }
    String label = string(object, "label");
    if (!labels.contains(label)) {
      throw badRequest(
          "label",
          "'label' is '"
              + StrictJson.excerpt(label)
              + "', which no task has: copy a label of the answer's task letter for letter.",
          "unknown_label");
    }
    return new Correction(id.group(1), new Label(label));
  }

  /**
   * Refuses a correction of what was never answered, or with a label that the answer could not have
   * been.
   *
   * @param task the one that answered the caller's request of that id; empty when none did
   * @throws DialectException 404 or 400
   */
  public void check(Correction correction, Optional<String> task) {
    if (task.isEmpty()) {
      String message =
          "No answer was given to a request '"
              + correction.requestId()
              + "' of yours: send the header 'x-tierwise-request-id' of an answer,"
              + " with '-0', '-1', … after it for a row of several.";
      throw new DialectException(
          404, DialectError.invalid("request_id", message, "request_not_found"));
    }
    List<String> own = labelsByTask.getOrDefault(task.get(), List.of());
    String label = correction.label().value();
    if (!own.contains(label)) {
      throw badRequest(
          "label",
          "'label' is '"
              + StrictJson.excerpt(label)
              + "', which is no label of the task '"
              + task.get()
              + "': send one of "
              + shown(own)
              + ".",
          "unknown_label");
    }
  }

  private static String shown(List<String> labels) {
    String all = String.join(", ", labels.subList(0, Math.min(MOST_SHOWN, labels.size())));
    return labels.size() > MOST_SHOWN ? all + ", …" : all;
  }

  /** Taken, and read later. */
  public Reply encode(Correction correction) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.put("request_id", correction.requestId());
    root.put("label", correction.label().value());
    return Reply.json(202, Map.of(), root);
  }

  private static String string(ObjectNode object, String field) {
    JsonNode value = object.path(field);
    if (absent(value)) {
      throw badRequest(
          field, "Missing required parameter: '" + field + "'.", "missing_required_parameter");
    }
    if (!value.isTextual()) {
      throw badRequest(field, "'" + field + "' must be a string.", "invalid_type");
    }
    return value.textValue();
  }
}
