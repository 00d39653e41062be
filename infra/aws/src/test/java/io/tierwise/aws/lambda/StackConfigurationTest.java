package io.tierwise.aws.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.router.contract.Contract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration that template.yaml gives its functions, read as they read it. */
class StackConfigurationTest {
  private static final Path FILE =
      Path.of(System.getProperty("tierwise.home")).resolve("template.yaml");
  private static final Pattern NAME = Pattern.compile("\\$\\{([^}]+)\\}");

  /** What a deployment knows beside the parameters. */
  private static final Map<String, String> STACK =
      Map.of(
          "AWS::Region", "eu-central-1",
          "AWS::URLSuffix", "amazonaws.com",
          "GpuEndpointResource.EndpointName", "tierwise-large");

  private final JsonNode root;

  StackConfigurationTest() throws IOException {
    root = new YAMLMapper().readTree(FILE.toFile());
  }

  /**
   * As CloudFormation's Fn::Sub makes it, with every parameter at its default.
   *
   * @param conditions that hold
   */
  private String text(String function, Set<String> conditions) {
    JsonNode sub =
        root.at(
            "/Resources/" + function + "/Properties/Environment/Variables/TIERWISE_CONFIG_TEXT");
    Matcher names = NAME.matcher(sub.path(0).asText());
    return names.replaceAll(name -> {
      JsonNode own = sub.path(1).path(name.group(1));
      return Matcher.quoteReplacement(
          own.isMissingNode() ? value(name.group(1)) : value(own, conditions));
    });
  }

  /** A string, the name of a parameter, or a condition with its two values. */
  private String value(JsonNode node, Set<String> conditions) {
    if (node.isArray()) {
      return value(node.path(conditions.contains(node.path(0).asText()) ? 1 : 2), conditions);
    }
    String text = node.asText();
    return root.path("Parameters").has(text)
        ? value(text)
        : NAME.matcher(text).replaceAll(name -> Matcher.quoteReplacement(value(name.group(1))));
  }

  private String value(String name) {
    JsonNode parameter = root.path("Parameters").path(name);
    assertTrue(STACK.containsKey(name) || parameter.has("Default"), name);
    return STACK.getOrDefault(name, parameter.path("Default").asText());
  }

  private TierwiseConfig read(String function, Set<String> conditions) {
    return new Environment(Map.of(Environment.CONFIG_TEXT, text(function, conditions))).config();
  }

  @ParameterizedTest
  @CsvSource({
    "GatewayFunction, '', https://api.openai.com",
    "AuditFunction, '', https://api.openai.com",
    "GatewayFunction, HasLargeKey, https://api.openai.com",
    "AuditFunction, HasLargeKey, https://api.openai.com",
    "GatewayFunction, HasGpuEndpoint,"
        + " https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/tierwise-large",
    "AuditFunction, HasGpuEndpoint,"
        + " https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/tierwise-large"
  })
  void aFunctionUnderstandsWhatTheTemplateTellsIt(String function, String condition, String url) {
    TierwiseConfig config = read(function, Set.of(condition));

    assertEquals(url, config.upstreams().get("large").url());
    TaskConfig task = config.tasks().getFirst();
    assertEquals("support-desk", task.name());
    assertEquals(List.of("refund", "delivery", "other"), task.labels());
    assertEquals(new Contract(0.05, 0.05), task.contract());
    assertTrue(task.flywheel().enabled());
    assertTrue(task.corpus().keep());
  }

  /** An audit judges what the gateway serves: by other words of it, it would judge another task. */
  @Test
  void theAuditFunctionIsToldWhatTheGatewayIs() {
    for (Set<String> conditions :
        List.of(Set.<String>of(), Set.of("HasLargeKey"), Set.of("HasGpuEndpoint"))) {
      assertEquals(text("GatewayFunction", conditions), text("AuditFunction", conditions));
    }
  }
}
