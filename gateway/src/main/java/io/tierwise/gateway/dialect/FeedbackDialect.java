package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;
import static io.tierwise.gateway.dialect.StrictJson.absent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Label;
import java.util.Collection;
import java.util.Map;
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

  private final Set<String> labels;

  /**
   * @param tasks whose labels are known
   */
  public FeedbackDialect(Collection<ServedTask> tasks) {
    this.labels =
        tasks.stream()
            .flatMap(served -> served.task().labels().stream())
            .map(Label::value)
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
          "'label' is none of any task's labels: copy it letter for letter.",
          "unknown_label");
    }
    return new Correction(id.group(1), new Label(label));
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
