package io.tierwise.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tierwise config reference}. */
@Command(
    name = "reference",
    mixinStandardHelpOptions = true,
    description = "Prints every key with its default and its meaning.")
final class ConfigReferenceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (InputStream in = Main.class.getResourceAsStream("/reference.yaml")) {
      if (in == null) {
        throw new FileNotFoundException("reference.yaml is missing from the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
