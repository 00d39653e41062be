package io.tierwise.gateway.config;

import io.tierwise.router.InvalidValueException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A group of keys being read. Every key asked for becomes a known one; {@link #refuseOtherKeys}
 * reports the rest. What cannot be used is reported and replaced by a placeholder, so one reading
 * finds every problem.
 */
final class Section {
  private final int line;
  private final YamlNode.Mapping mapping;
  private final String path;
  private final Problems problems;
  private final Consumer<KnownKey> asked;
  private final Set<String> known = new LinkedHashSet<>();

  private Section(
      int line,
      YamlNode.Mapping mapping,
      String path,
      Problems problems,
      Consumer<KnownKey> asked) {
    this.line = line;
    this.mapping = mapping;
    this.path = path;
    this.problems = problems;
    this.asked = asked;
  }

  /** The whole file. */
  static Section root(YamlNode.Mapping mapping, Problems problems) {
    return root(mapping, problems, key -> {});
  }

  /** The whole file, with every key that is asked for reported as well. */
  static Section root(YamlNode.Mapping mapping, Problems problems, Consumer<KnownKey> asked) {
    return new Section(mapping.line(), mapping, "", problems, asked);
  }

  /** The line of its key; for one that was left out, that of its surroundings. */
  int line() {
    return line;
  }

  /** A value's text, whether or not it can be used. */
  Optional<String> written(String key) {
    YamlNode.Entry entry = mapping.entries().get(key);
    return entry != null && entry.value() instanceof YamlNode.Scalar scalar
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  /** Whether a key is there, whatever its value. */
  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /** A value that must be there. */
  <T> T required(String key, Kind<T> kind) {
    asked.accept(new KnownKey(path(key), KnownKey.REQUIRED));
    Optional<YamlNode.Scalar> scalar = scalar(key);
    if (scalar.isPresent()) {
      return parse(scalar.get().line(), key, scalar.get().text(), kind);
    }
    if (!mapping.entries().containsKey(key)) {
      problems.add(line, path(key), "it is missing", "add it");
    }
    return kind.placeholder();
  }

  /** A value that may be left out; the default is written as the file would have it. */
  <T> T value(String key, Kind<T> kind, String otherwise) {
    asked.accept(new KnownKey(path(key), otherwise));
    Optional<YamlNode.Scalar> scalar = scalar(key);
    return scalar.isPresent()
        ? parse(scalar.get().line(), key, scalar.get().text(), kind)
        : parse(line, key, otherwise, kind);
  }

  /** A value that may be left out and has no default. */
  <T> Optional<T> optional(String key, Kind<T> kind) {
    asked.accept(new KnownKey(path(key), KnownKey.NONE));
    return scalar(key).map(scalar -> parse(scalar.line(), key, scalar.text(), kind));
  }

  /** A group of keys; an empty one when it is left out. */
  Section section(String key) {
    known.add(key);
    YamlNode.Entry entry = mapping.entries().get(key);
    if (entry == null) {
      return new Section(line, new YamlNode.Mapping(line, Map.of()), path(key), problems, asked);
    }
    return group(entry.line(), entry.value(), path(key));
  }

  /** The groups under the names that the user gave them; at least one. */
  Map<String, Section> named(String key) {
    Section outer = section(key);
    Map<String, Section> found = new LinkedHashMap<>();
    outer
        .mapping
        .entries()
        .forEach((name, entry) -> {
          outer.parse(entry.line(), name, name, Kind.NAME);
          found.put(name, outer.group(entry.line(), entry.value(), outer.path(name)));
        });
    YamlNode.Entry entry = mapping.entries().get(key);
    if (found.isEmpty() && (entry == null || entry.value() instanceof YamlNode.Mapping)) {
      problems.add(line, path(key), "there is none", "add at least one");
    }
    return found;
  }

  /** A list of groups; empty when it is left out. */
  List<Section> sections(String key) {
    asked.accept(new KnownKey(path(key), KnownKey.EMPTY));
    List<Section> found = new ArrayList<>();
    for (YamlNode item : items(key)) {
      found.add(group(item.line(), item, path(key) + "[" + found.size() + "]"));
    }
    return found;
  }

  /** A list of values; empty when it is left out. */
  <T> List<Item<T>> values(String key, Kind<T> kind) {
    asked.accept(new KnownKey(path(key), KnownKey.EMPTY));
    List<Item<T>> found = new ArrayList<>();
    for (YamlNode item : items(key)) {
      String name = key + "[" + found.size() + "]";
      if (item instanceof YamlNode.Scalar scalar) {
        found.add(new Item<>(item.line(), name, parse(item.line(), name, scalar.text(), kind)));
      } else {
        problems.add(item.line(), path(name), "it is " + item.kind(), "write one value");
        found.add(new Item<>(item.line(), name, kind.placeholder()));
      }
    }
    return found;
  }

  /** One value of a list, with its place. */
  record Item<T>(int line, String key, T value) {}

  /** Reports a key, with the line of its value where it has one. */
  void report(String key, String trouble, String fix) {
    YamlNode.Entry entry = mapping.entries().get(key);
    report(entry == null ? line : entry.line(), key, trouble, fix);
  }

  void report(int line, String key, String trouble, String fix) {
    problems.add(line, path(key), trouble, fix);
  }

  /** Reports every key that was never asked for. */
  void refuseOtherKeys() {
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            problems.add(
                entry.line(), path(key), "there is no such key", NearestKey.fix(key, known));
          }
        });
  }

  private Optional<YamlNode.Scalar> scalar(String key) {
    known.add(key);
    YamlNode.Entry entry = mapping.entries().get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.value() instanceof YamlNode.Scalar scalar) {
      return Optional.of(scalar);
    }
    problems.add(entry.line(), path(key), "it is " + entry.value().kind(), "write one value");
    return Optional.empty();
  }

  private List<YamlNode> items(String key) {
    known.add(key);
    YamlNode.Entry entry = mapping.entries().get(key);
    if (entry == null) {
      return List.of();
    }
    if (entry.value() instanceof YamlNode.Sequence sequence) {
      return sequence.items();
    }
    problems.add(
        entry.line(), path(key), "it is " + entry.value().kind(), "write a list, such as [a, b]");
    return List.of();
  }

  private Section group(int begins, YamlNode node, String at) {
    if (node instanceof YamlNode.Mapping found) {
      return new Section(begins, found, at, problems, asked);
    }
    problems.add(node.line(), at, "it is " + node.kind(), "write its keys, indented below it");
    return new Section(begins, new YamlNode.Mapping(begins, Map.of()), at, problems, asked);
  }

  private <T> T parse(int line, String key, String text, Kind<T> kind) {
    try {
      return kind.parse().apply(text);
    } catch (InvalidValueException e) {
      problems.add(line, path(key), e.trouble(), e.fix());
      return kind.placeholder();
    }
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
