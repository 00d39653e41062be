package io.tierwise.gateway.config;

import java.util.List;
import java.util.Map;

/** A part of a YAML file that knows its line, from 1. */
sealed interface YamlNode {
  int line();

  /** Text as written, whatever type YAML would make of it: no digit of a price is lost. */
  record Scalar(int line, String text) implements YamlNode {}

  /** A key with nothing after it. */
  record Empty(int line) implements YamlNode {}

  /** A list. */
  record Sequence(int line, List<YamlNode> items) implements YamlNode {}

  /**
   * Keys and values.
   *
   * @param entries in the file's order
   */
  record Mapping(int line, Map<String, Entry> entries) implements YamlNode {}

  /**
   * A key's value.
   *
   * @param line the key's
   */
  record Entry(int line, YamlNode value) {}

  /** What it is, for people. */
  default String kind() {
    return switch (this) {
      case Scalar scalar -> "'" + scalar.text() + "'";
      case Empty empty -> "nothing";
      case Sequence sequence -> "a list";
      case Mapping mapping -> "a group of keys";
    };
  }
}
