package io.tierwise.local.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The functions and routes of a SAM template. */
public final class Template {
  private static final String FUNCTION = "AWS::Serverless::Function";

  private final Path home;
  private final JsonNode root;

  private Template(Path home, JsonNode root) {
    this.home = home;
    this.root = root;
  }

  /**
   * @param home the directory that {@code CodeUri} is told from
   */
  public static Template read(Path home) throws IOException {
    return new Template(home, new YAMLMapper().readTree(home.resolve("template.yaml").toFile()));
  }

  /**
   * One function of the template.
   *
   * @param name the folder's under {@code functions/}
   * @param logicalId in the template
   */
  public record Function(
      String name, String logicalId, Path codeUri, String handler, int memory, Duration timeout) {}

  public List<Function> functions() {
    List<Function> functions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : root.path("Resources").properties()) {
      if (each.getValue().path("Type").asText().equals(FUNCTION)) {
        JsonNode properties = each.getValue().path("Properties");
        String id = each.getKey();
        functions.add(
            new Function(
                id.replaceFirst("Function$", "").toLowerCase(Locale.ROOT),
                id,
                home.resolve(properties.path("CodeUri").asText()),
                properties.path("Handler").asText(),
                property(properties, "MemorySize").map(JsonNode::asInt).orElse(128),
                Duration.ofSeconds(
                    property(properties, "Timeout").map(JsonNode::asInt).orElse(3))));
      }
    }
    return functions;
  }

  /** A function's own, or what {@code Globals} say for all. */
  private Optional<JsonNode> property(JsonNode properties, String name) {
    JsonNode own = properties.path(name);
    JsonNode value = own.isMissingNode() ? root.at("/Globals/Function/" + name) : own;
    if (value.isTextual() && !root.at("/Parameters/" + value.asText()).isMissingNode()) {
      return Optional.of(root.at("/Parameters/" + value.asText() + "/Default"));
    }
    return value.isMissingNode() ? Optional.empty() : Optional.of(value);
  }

  /** The routes of the HTTP API, in the template's order. */
  public List<HttpRoute> routes() {
    List<HttpRoute> routes = new ArrayList<>();
    for (Function function : functions()) {
      JsonNode events = root.path("Resources").path(function.logicalId()).path("Properties");
      for (JsonNode event : events.path("Events")) {
        if (event.path("Type").asText().equals("HttpApi")) {
          JsonNode properties = event.path("Properties");
          routes.add(
              new HttpRoute(
                  properties.path("Method").asText("ANY").toUpperCase(Locale.ROOT),
                  properties.path("Path").asText(),
                  function.name()));
        }
      }
    }
    return routes;
  }
}
