package io.tierwise.cli;

import io.tierwise.local.pack.Architecture;
import io.tierwise.local.pack.FunctionPackage;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise package}: what {@code sam deploy} uploads. */
@Command(
    name = "package",
    mixinStandardHelpOptions = true,
    header = "Builds the folders that template.yaml deploys.",
    description = {
      "Writes functions/NAME/target/package for every function, with the native libraries of one",
      "processor alone. Then 'sam deploy --guided', or 'sam local invoke'."
    })
final class PackageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--architecture",
      defaultValue = "arm64",
      description = "arm64, as the template deploys, or x86_64 (default: ${DEFAULT-VALUE}).")
  private Architecture architecture = Architecture.ARM64;

  @Option(
      names = "--artifact",
      paramLabel = "DIR",
      description = {
        "A student to ship inside the student function, for runs without a registry",
        "(default: the live one that 'tierwise demo' left; none where it did not run)."
      })
  private @Nullable Path artifact;

  @Override
  public Integer call() throws IOException {
    Path home = Installation.home();
    Path shipped = artifact != null ? artifact : ofTheDemo(home);
    PrintWriter out = spec.commandLine().getOut();
    for (Map.Entry<String, Path> built :
        Functions.build(home, "package", architecture, shipped).entrySet()) {
      FunctionPackage.Size size = FunctionPackage.Size.of(built.getValue());
      out.printf(
          Locale.ROOT,
          "%-8s %6.1f MB zipped %7.1f MB unpacked  %s%n",
          built.getKey(),
          size.zipped() / 1e6,
          size.unpacked() / 1e6,
          home.relativize(built.getValue()));
    }
    out.println(
        shipped == null
            ? "No student is shipped: the student function needs a registry."
            : "The student function ships " + shipped.getFileName() + ".");
    return 0;
  }

  private static @Nullable Path ofTheDemo(Path home) throws IOException {
    Path registry = home.resolve(".tierwise/demo/data/registry");
    return new DirectoryRegistry(registry, Clock.systemUTC())
        .resolve("support-desk", Registry.LIVE)
        .map(live -> live.directory())
        .orElse(null);
  }
}
