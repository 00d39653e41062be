package io.tierwise.cli;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.registry.DirectoryRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise gate TASK STATE}: whether a task's cheap candidates may answer. */
@Command(
    name = "gate",
    mixinStandardHelpOptions = true,
    header = "Shows or moves a task's gate.",
    description = {
      "Takes effect within 5 s on a running gateway and is kept in the history.",
      "open needs a certificate of the live artifact; observe lets the large model answer and",
      "scores the candidates; shut lets only exact hits and the large model answer."
    })
final class GateCommand implements Callable<Integer> {
  enum State {
    OPEN,
    SHUT,
    OBSERVE,
    SHOW
  }

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(index = "0", paramLabel = "TASK", description = "The task.")
  private String task;

  @Parameters(
      index = "1",
      paramLabel = "STATE",
      defaultValue = "show",
      description = "One of open, shut, observe, show (default: ${DEFAULT-VALUE}).")
  private State state = State.SHOW;

  @Option(names = "--reason", defaultValue = "by hand", description = "Kept in the history.")
  private String reason = "by hand";

  @Override
  public Integer call() throws IOException {
    TierwiseConfig loaded = config.load();
    TaskOption.choose(loaded, "TASK", task);
    try (Database database = Database.open(loaded.data())) {
      GateStore gates = new GateStore(database, Clock.systemUTC());
      switch (state) {
        case OPEN -> open(gates, loaded.registry(Clock.systemUTC()));
        case SHUT -> gates.shut(task, reason);
        case OBSERVE -> gates.observe(task, reason);
        case SHOW -> {}
      }
      show(gates);
      return 0;
    }
  }

  private void open(GateStore gates, DirectoryRegistry registry) throws IOException {
    Artifact live =
        registry
            .resolve(task, "live")
            .orElseThrow(() ->
                new InvalidValueException(
                    task, "it has no live artifact", "distil and publish a student first"));
    String version = live.manifest().version();
    KeptCertificate certificate =
        gates
            .latestFor(task, version)
            .orElseThrow(() ->
                new InvalidValueException(
                    task,
                    "its live artifact " + version + " has no certificate",
                    "run 'tierwise distill certify'"));
    gates.open(task, version, certificate.id(), reason);
  }

  private void show(GateStore gates) {
    var out = spec.commandLine().getOut();
    for (GateMove move : gates.history(task)) {
      out.printf(
          "%-28s %-8s %-14s %-14s %s%n",
          move.at(),
          move.mode().text(),
          move.artifact() == null ? "-" : move.artifact(),
          move.certificate() == null ? "-" : move.certificate(),
          move.reason());
    }
    out.println(task + ": " + describe(gates.state(task)));
  }

  private static String describe(GateState state) {
    return switch (state.gate()) {
      case Gate.Open open ->
          "open for artifact %s under %s, %s"
              .formatted(state.artifact(), open.certificate(), thresholds(open.thresholds()));
      case Gate.Observe observe ->
          "observe: the large model answers, candidates are scored ("
              + thresholds(observe.thresholds())
              + ")";
      case Gate.Shut shut -> "shut: " + shut.reason();
    };
  }

  private static String thresholds(Thresholds thresholds) {
    return thresholds.byTier().isEmpty()
        ? "no threshold certified"
        : thresholds.byTier().entrySet().stream()
            .map(entry ->
                String.format(
                    Locale.ROOT, "%s from %.4f", entry.getKey(), entry.getValue().value()))
            .collect(Collectors.joining(", "));
  }
}
