package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;
import static io.tierwise.gateway.dialect.StrictJson.absent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.InputForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a tensor of inputs: BYTES of shape [rows] or [rows, 1], each a text; or FP32 of shape
 * [rows, features], each row a feature vector. Data may be flat or nested as the shape says.
 */
final class TensorReader {
  static final int MAXIMUM_ROWS = 128;
  private static final Set<String> KNOWN =
      Set.of("name", "shape", "datatype", "parameters", "data");

  private final ObjectNode tensor;
  private final String field;

  /**
   * @param field where the tensor is, for errors
   */
  TensorReader(ObjectNode tensor, String field) {
    this.tensor = tensor;
    this.field = field;
  }

  /**
   * @param form what the task reads
   */
  List<Input> rows(InputForm form) {
    InferReader.onlyKnown(tensor, KNOWN, field + ".");
    InferReader.parameters(tensor, field + ".");
    if (!tensor.path("name").isTextual()) {
      throw wrong("name", "must be a string");
    }
    String datatype = tensor.path("datatype").asText();
    return switch (form) {
      case InputForm.Text text -> {
        if (!datatype.equals("BYTES")) {
          throw wrong("datatype", "must be BYTES: this task reads texts");
        }
        yield texts();
      }
      case InputForm.Features features -> {
        if (!datatype.equals("FP32")) {
          throw wrong("datatype", "must be FP32: this task reads " + features);
        }
        yield vectors(features.dimensions());
      }
    };
  }

  private List<Input> texts() {
    List<Integer> shape = shape();
    if (shape.size() > 2 || (shape.size() == 2 && shape.get(1) != 1)) {
      throw wrong("shape", "must be [rows] or [rows, 1] for BYTES");
    }
    List<Element> elements = elements(shape);
    List<Input> rows = new ArrayList<>();
    for (Element element : elements) {
      if (!element.value().isTextual()) {
        throw badRequest(
            element.field(), "'" + element.field() + "' must be a string.", "invalid_type");
      }
      String text = InputText.checked(element.value().textValue(), element.field());
      rows.add(new Input.Text(text));
    }
    return rows;
  }

  private List<Input> vectors(int width) {
    List<Integer> shape = shape();
    if (shape.size() != 2 || shape.get(1) != width) {
      throw wrong("shape", "must be [rows, " + width + "] for this task");
    }
    List<Element> elements = elements(shape);
    List<Input> rows = new ArrayList<>();
    for (int start = 0; start < elements.size(); start += width) {
      float[] values = new float[width];
      for (int i = 0; i < width; i++) {
        values[i] = number(elements.get(start + i));
      }
      rows.add(new Input.Features(values));
    }
    return rows;
  }

  private static float number(Element element) {
    float value = element.value().isNumber() ? element.value().floatValue() : Float.NaN;
    if (!Float.isFinite(value)) {
      throw badRequest(
          element.field(),
          "'" + element.field() + "' must be a finite number in single precision.",
          "invalid_value");
    }
    return value;
  }

  /** Every dimension at least 1, and as many rows as are answered at once. */
  private List<Integer> shape() {
    if (!(tensor.path("shape") instanceof ArrayNode dimensions) || dimensions.isEmpty()) {
      throw wrong("shape", "must be a list of whole numbers");
    }
    List<Integer> shape = new ArrayList<>();
    for (JsonNode dimension : dimensions) {
      if (!dimension.isIntegralNumber()
          || !dimension.canConvertToInt()
          || dimension.intValue() < 1) {
        throw wrong("shape", "must hold whole numbers of at least 1");
      }
      shape.add(dimension.intValue());
    }
    if (shape.getFirst() > MAXIMUM_ROWS) {
      throw wrong("shape", "has " + shape.getFirst() + " rows; at most " + MAXIMUM_ROWS + " go");
    }
    return shape;
  }

  private record Element(JsonNode value, String field) {}

  private List<Element> elements(List<Integer> shape) {
    JsonNode data = tensor.path("data");
    if (absent(data) || !data.isArray()) {
      throw wrong("data", "must be a list");
    }
    List<Element> elements = new ArrayList<>();
    boolean nested = !data.isEmpty() && data.get(0).isArray();
    flatten(data, field + ".data", nested ? shape : List.of(data.size()), elements);
    long expected = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    if (elements.size() != expected) {
      throw wrong("data", "has " + elements.size() + " elements; the shape says " + expected);
    }
    return elements;
  }

  private void flatten(JsonNode node, String at, List<Integer> shape, List<Element> elements) {
    if (shape.isEmpty()) {
      elements.add(new Element(node, at));
      return;
    }
    if (!node.isArray() || node.size() != shape.getFirst()) {
      throw badRequest(
          at, "'" + at + "' must be a list of " + shape.getFirst() + ".", "invalid_value");
    }
    for (int i = 0; i < node.size(); i++) {
      flatten(node.get(i), at + "[" + i + "]", shape.subList(1, shape.size()), elements);
    }
  }

  private DialectException wrong(String part, String trouble) {
    String where = field + "." + part;
    return badRequest(where, "'" + where + "' " + trouble + ".", "invalid_value");
  }
}
