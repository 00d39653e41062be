package io.tierwise.gateway.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a YAML file into nodes that know their lines. Takes the plain part of YAML: one document,
 * no anchors, no aliases, no key twice.
 */
final class YamlTree {
  private static final YAMLFactory YAML = new YAMLFactory();

  private final YAMLParser parser;
  private final Problems problems;

  private YamlTree(YAMLParser parser, Problems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /**
   * The file's keys.
   *
   * @throws ConfigException when it cannot be read, is no YAML, or is no group of keys
   */
  static YamlNode.Mapping read(Problems problems) {
    try (YAMLParser parser = YAML.createParser(text(problems))) {
      YamlTree tree = new YamlTree(parser, problems);
      YamlNode root = tree.document();
      if (root instanceof YamlNode.Mapping mapping) {
        return mapping;
      }
      throw refusal(
          problems, root.line(), "it holds " + root.kind(), "write keys such as 'server:'");
    } catch (JsonProcessingException e) {
      throw refusal(problems, line(e.getLocation()), trouble(e), "correct the YAML there");
    } catch (IOException e) {
      throw new IllegalStateException("text in memory is always readable", e);
    }
  }

  private static String text(Problems problems) {
    Path file = problems.file();
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw refusal(problems, 0, "there is no such file", "create it, or name another one");
    } catch (MalformedInputException e) {
      throw refusal(problems, 0, "it is not UTF-8 text", "save it as UTF-8");
    } catch (IOException e) {
      throw refusal(problems, 0, "it cannot be read (" + e + ")", "name a readable file");
    }
  }

  private YamlNode document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return new YamlNode.Empty(1);
    }
    YamlNode root = node(first, "");
    if (parser.nextToken() != null) {
      throw refusal(
          problems,
          line(parser.currentTokenLocation()),
          "a second document begins here",
          "keep one document in a file");
    }
    return root;
  }

  private YamlNode node(@Nullable JsonToken token, String path) throws IOException {
    int line = line(parser.currentTokenLocation());
    if (parser.isCurrentAlias() || parser.getObjectId() != null) {
      throw refusal(problems, line, "it uses an anchor or an alias", "write the value out");
    }
    if (token == JsonToken.START_OBJECT) {
      return mapping(line, path);
    }
    if (token == JsonToken.START_ARRAY) {
      return sequence(line, path);
    }
    String text = parser.getText();
    return token == JsonToken.VALUE_NULL || text == null
        ? new YamlNode.Empty(line)
        : new YamlNode.Scalar(line, text);
  }

  private YamlNode.Sequence sequence(int line, String path) throws IOException {
    List<YamlNode> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(node(token, path + "[" + items.size() + "]"));
    }
    return new YamlNode.Sequence(line, items);
  }

  private YamlNode.Mapping mapping(int line, String path) throws IOException {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      int keyLine = line(parser.currentTokenLocation());
      String keyPath = path.isEmpty() ? key : path + "." + key;
      YamlNode value = node(parser.nextToken(), keyPath);
      YamlNode.Entry earlier = entries.putIfAbsent(key, new YamlNode.Entry(keyLine, value));
      if (earlier != null) {
        problems.add(
            keyLine,
            keyPath,
            "it is there twice, first on line " + earlier.line(),
            "keep one of the two");
      }
    }
    return new YamlNode.Mapping(line, entries);
  }

  private static ConfigException refusal(Problems problems, int line, String trouble, String fix) {
    return new ConfigException(
        List.of(new ConfigProblem(problems.file(), line, "file", trouble, fix)));
  }

  private static String trouble(JsonProcessingException exception) {
    String message = exception.getOriginalMessage();
    return "it is no YAML (" + message.lines().findFirst().orElse("") + ")";
  }

  private static int line(@Nullable JsonLocation location) {
    return location == null ? 0 : Math.max(0, location.getLineNr());
  }
}
