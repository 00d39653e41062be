package io.tierwise.cli;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.store.AnswerStore;
import io.tierwise.gateway.store.AuditSpool;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise erase}: forgets what a tenant has sent. */
@Command(
    name = "erase",
    mixinStandardHelpOptions = true,
    header = "Forgets all texts and answers of a tenant.",
    description = {
      "Deletes a tenant's rows of the corpus, its cached answers, and its audits that wait, in all",
      "tasks; a running gateway answers from memory for a minute more. The ledger and the audit log",
      "stay: they hold figures and no texts. Students that learned from the texts stay as well."
    })
final class EraseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--tenant", required = true, paramLabel = "T", description = "Whose.")
  private String tenant;

  @Override
  public Integer call() throws IOException {
    TierwiseConfig loaded = config.load();
    Tenant whose = new Tenant(tenant);
    Clock clock = Clock.systemUTC();
    try (Database database = Database.open(loaded.data())) {
      CorpusStore corpus =
          CorpusStore.open(database, clock, CorpusStore.keyFile(loaded.data()), new SecureRandom());
      int waiting = new AuditSpool(database, clock, corpus).deleteTenant(whose);
      int answers = new AnswerStore(database, clock).deleteTenant(whose);
      int rows = corpus.deleteTenant(whose);
      spec.commandLine()
          .getOut()
          .printf(
              "%s: erased %d rows of the corpus, %d cached answers, %d audits that waited%n",
              tenant, rows, answers, waiting);
    }
    return 0;
  }
}
