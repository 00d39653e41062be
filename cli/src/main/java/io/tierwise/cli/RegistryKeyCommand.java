package io.tierwise.cli;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise registry key}. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    header = "Makes a key pair that students are signed with.",
    description = {
      "Writes the secret half to a file, for trust.signingKey or 'tierwise registry sign', and",
      "prints the public half, for trust.artifactKeys. Keep the file away from the gateways."
    })
final class RegistryKeyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    try {
      String trusted = SigningKey.make(out);
      PrintWriter words = spec.commandLine().getOut();
      words.println(trusted);
      words.flush();
      return 0;
    } catch (FileAlreadyExistsException e) {
      throw new InvalidValueException("--out", out + " is there already", "choose a new file");
    }
  }
}
