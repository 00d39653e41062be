package io.tierwise.cli;

import io.tierwise.gateway.Forgotten;
import io.tierwise.gateway.StoredCaches;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.store.AuditSpool;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.ProbeStore;
import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      "tasks; a running gateway follows within seconds. The ledger and the audit log stay: they"
          + " hold",
      "figures and no texts. Students that learned from the texts stay as well.",
      "With --cache-only nothing but cached answers, of one task or tenant, or of all."
    })
final class EraseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--tenant", paramLabel = "T", description = "Whose.")
  private @Nullable String tenant;

  @Option(names = "--task", paramLabel = "TASK", description = "With --cache-only: of which task.")
  private @Nullable String task;

  @Option(names = "--cache-only", description = "Cached answers, exact and semantic, and no more.")
  private boolean cacheOnly;

  @Override
  public Integer call() throws IOException {
    TierwiseConfig loaded = config.load();
    Tenant whose = tenant == null ? null : new Tenant(tenant);
    if (!cacheOnly && (whose == null || task != null)) {
      throw new InvalidValueException(
          whose == null ? "--tenant" : "--task",
          whose == null ? "it is missing" : "texts are erased of all tasks",
          whose == null ? "say whose, or give --cache-only" : "leave it out, or give --cache-only");
    }
    if (task != null) {
      TaskOption.choose(loaded, "--task", task);
    }
    Clock clock = Clock.systemUTC();
    Path data = loaded.data();
    try (Database database = Database.open(data)) {
      CorpusStore corpus =
          CorpusStore.open(database, clock, CorpusStore.keyFile(data), new SecureRandom());
      Forgotten answers = StoredCaches.forget(data, database, corpus, clock, whose, task);
      StringBuilder said = new StringBuilder();
      if (!cacheOnly && whose != null) {
        int waiting = new AuditSpool(database, clock, corpus).deleteTenant(whose);
        int rows = corpus.deleteTenant(whose);
        new ReviewStore(database, clock, corpus).deleteTenant(whose);
        new ProbeStore(database, clock, corpus).deleteTenant(whose);
        said.append(rows).append(" rows of the corpus, ");
        said.append(waiting).append(" audits that waited, ");
      }
      said.append(answers.exact()).append(" cached answers, ");
      said.append(answers.semantic()).append(" of the semantic cache");
      spec.commandLine()
          .getOut()
          .printf("%s: erased %s%n", whose == null ? "all tenants" : whose.name(), said);
    }
    return 0;
  }
}
