package io.tierwise.gateway.prompt;

/** What the endpoint itself is told about the form of its answer. */
public enum StructuredOutput {
  /** Nothing. */
  NONE,
  /** Some JSON object: {@code response_format} of type {@code json_object}. */
  JSON_OBJECT,
  /**
   * One of the labels: {@code response_format} of type {@code json_schema}, with the labels as an
   * enumeration.
   */
  JSON_SCHEMA
}
