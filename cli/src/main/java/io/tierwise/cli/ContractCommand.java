package io.tierwise.cli;

import io.tierwise.gateway.contract.ContractRenderer;
import io.tierwise.gateway.contract.ContractStatus;
import io.tierwise.gateway.store.Database;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise contract TASK}: what was promised, on what evidence, and how it is kept. */
@Command(
    name = "contract",
    mixinStandardHelpOptions = true,
    header = "Shows how a task's contract stands.",
    description = {
      "Shows a task's certificate and what the audits made under it say: the disagreement of all",
      "answers and of the cheap ones alone, the large model's with itself (the floor), and the",
      "evidence against the contract. When that reaches 1/delta the gate is shut and audits from",
      "before certify nothing any more."
    })
final class ContractCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(index = "0", paramLabel = "TASK", description = "The task, or a chat.")
  private String task;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    TaskOption.Chosen chosen = TaskOption.chooseContract(config.load(), "TASK", task);
    try (Database database = Database.open(chosen.config().data())) {
      ContractStatus status =
          ContractStatus.of(
              chosen.settings(),
              chosen.config().isOfChat(task),
              ContractStatus.Sources.of(database, Clock.systemUTC()));
      spec.commandLine()
          .getOut()
          .println(json ? ContractRenderer.json(status) : ContractRenderer.text(status));
    }
    return 0;
  }
}
