package io.tierwise.cli;

import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.IssuedKey;
import io.tierwise.gateway.store.KeyRow;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.router.request.Tenant;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise keys}: who may call. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Adds, lists and revokes API keys. A key belongs to one tenant.")
final class KeysCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Makes a key and prints it, this once: only its hash is kept.")
  int add(
      @Mixin ConfigOption config,
      @Option(names = "--tenant", required = true, description = "Who pays.") String tenant,
      @Option(names = "--note", defaultValue = "", description = "What it is for.") String note,
      @Option(
              names = "--admin",
              description = "It may forget every tenant's cached answers (DELETE /v1/cache).")
          boolean admin)
      throws Exception {
    try (Database database = Database.open(config.load().data())) {
      IssuedKey key = store(database).add(new Tenant(tenant), note, admin);
      out().println(key.secretKey());
      return 0;
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the keys, without their secrets.")
  int list(@Mixin ConfigOption config) throws Exception {
    try (Database database = Database.open(config.load().data())) {
      out().printf("%-14s %-20s %-26s %-14s %s%n", "KEY", "TENANT", "CREATED", "STATE", "NOTE");
      for (KeyRow row : store(database).list()) {
        out()
            .printf(
                "%-14s %-20s %-26s %-14s %s%n",
                row.id(), row.tenant(), row.createdAt(), state(row), row.note());
      }
      return 0;
    }
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Makes a key worthless, within seconds on a running gateway.")
  int revoke(
      @Mixin ConfigOption config,
      @Parameters(paramLabel = "KEY", description = "Its id, from 'keys list'.") String id)
      throws Exception {
    try (Database database = Database.open(config.load().data())) {
      if (!store(database).revoke(id)) {
        spec.commandLine().getErr().println("tierwise: there is no key " + id);
        return Main.REFUSED;
      }
      out().println("revoked " + id);
      return 0;
    }
  }

  private static String state(KeyRow row) {
    String state = row.revokedAt() == null ? "valid" : "revoked";
    return row.admin() ? state + ", admin" : state;
  }

  private static KeyStore store(Database database) {
    return new KeyStore(database, Clock.systemUTC(), new SecureRandom());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
