package io.tierwise.cli;

import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise registry sign}. */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    header = "Signs a student that is to be published.",
    description = {
      "Signs what decides its answers: task, labels, featurizer, calibration, and the hashes of"
          + " its",
      "files. Publish it afterwards, also where it is in the registry already without a signature."
    })
final class RegistrySignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "The student.")
  private Path artifact;

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "As 'tierwise registry key' made it.")
  private Path key;

  @Override
  public Integer call() throws IOException {
    Artifact opened = Artifact.open(artifact);
    SigningKey.read(key).sign(opened);
    spec.commandLine().getOut().printf("%s is signed%n", opened.manifest().version());
    return 0;
  }
}
