package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.doctor.Doctor;
import io.tierwise.gateway.doctor.Finding;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise doctor}: why it does not work, and what to do. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    header = "Checks machine, data and endpoints, and says what to do.",
    description = {
      "Looks at Java, memory, disk, port, database, ledger, students, prices, endpoints and keys.",
      "Changes nothing and asks no model. Exits with 1 when the gateway would not work."
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() {
    List<Finding> findings = new Doctor(Clock.systemUTC(), System::getenv).examine(config.file());
    boolean healthy = findings.stream().noneMatch(each -> each.level() == Finding.Level.FAIL);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(object(findings, healthy));
    } else {
      Ansi colours = Terminal.colours();
      findings.forEach(finding -> out.println(line(finding, colours)));
    }
    return healthy ? 0 : Main.REFUSED;
  }

  /** {@code LEVEL WHAT: FINDING; ADVICE}. */
  static String line(Finding finding, Ansi colours) {
    String level =
        switch (finding.level()) {
          case OK -> colours.string("@|green ok  |@");
          case WARN -> colours.string("@|yellow warn|@");
          case FAIL -> colours.string("@|red,bold fail|@");
        };
    return level + " " + finding;
  }

  private static ObjectNode object(List<Finding> findings, boolean healthy) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("healthy", healthy);
    var list = root.putArray("findings");
    for (Finding finding : findings) {
      list.addObject()
          .put("level", finding.level().name().toLowerCase(Locale.ROOT))
          .put("what", finding.what())
          .put("finding", finding.finding())
          .put("advice", finding.advice());
    }
    return root;
  }
}
