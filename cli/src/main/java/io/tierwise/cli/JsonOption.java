package io.tierwise.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether a measurement is wanted for programs as well. */
final class JsonOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean wanted;

  boolean wanted() {
    return wanted;
  }

  /** Prints what was measured, and the same as an object where that is wanted. */
  void print(String text, JsonNode object) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    if (wanted) {
      out.println(object);
    }
    out.flush();
  }
}
