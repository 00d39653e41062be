package io.tierwise.aws.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What AWS's own tools say of template.yaml, where they are: Python programs, not on every machine.
 */
class TemplateLintIT {
  private static final Path FILE =
      Path.of(System.getProperty("tierwise.home")).resolve("template.yaml");

  /** With the code where {@code sam package} would have put it. */
  private static final String TRANSLATE =
      """
      import sys
      from samtranslator.translator.transform import transform
      from samtranslator.yaml_helper import yaml_parse
      class Policies:
          def load(self):
              return {}
      template = yaml_parse(open(sys.argv[1]).read())
      for resource in template["Resources"].values():
          for place in ("CodeUri", "DefinitionUri"):
              if place in resource.get("Properties", {}):
                  resource["Properties"][place] = "s3://packaged/" + place
      made = transform(template, {}, Policies())["Resources"].values()
      print(sum(each["Type"] == "AWS::Lambda::Function" for each in made))
      """;

  private record Ended(int code, String said) {}

  /** {@code pip install cfn-lint}. */
  @Test
  void cfnLintFindsNothing() throws Exception {
    assumeTrue(ended("cfn-lint", "--version").code() == 0, "there is no cfn-lint");
    assertEquals(
        new Ended(0, ""),
        ended("cfn-lint", "--non-zero-exit-code", "informational", FILE.toString()));
  }

  /** {@code pip install aws-sam-translator}. */
  @Test
  void theSamTranslatorMakesFiveFunctionsOfIt() throws Exception {
    assumeTrue(ended("python3", "-c", "import samtranslator").code() == 0, "there is none");
    assertEquals(new Ended(0, "5\n"), ended("python3", "-c", TRANSLATE, FILE.toString()));
  }

  private static Ended ended(String... command) throws InterruptedException {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("AWS_DEFAULT_REGION", "us-east-1");
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), said);
    } catch (IOException e) {
      return new Ended(-1, String.valueOf(e.getMessage()));
    }
  }
}
