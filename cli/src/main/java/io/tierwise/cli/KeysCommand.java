package io.tierwise.cli;

import io.tierwise.gateway.store.IssuedKey;
import io.tierwise.gateway.store.KeyRow;
import io.tierwise.router.request.Tenant;
import java.io.PrintWriter;
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
      @Mixin KeyPlace place,
      @Option(names = "--tenant", required = true, description = "Who pays.") String tenant,
      @Option(names = "--note", defaultValue = "", description = "What it is for.") String note)
      throws Exception {
    try (KeyPlace.OpenKeys open = place.open()) {
      IssuedKey key = open.keys().add(new Tenant(tenant), note);
      out().println(key.secretKey());
      return 0;
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the keys, without their secrets.")
  int list(@Mixin KeyPlace place) throws Exception {
    try (KeyPlace.OpenKeys open = place.open()) {
      out().printf("%-14s %-20s %-26s %-10s %s%n", "KEY", "TENANT", "CREATED", "STATE", "NOTE");
      for (KeyRow row : open.keys().list()) {
        out()
            .printf(
                "%-14s %-20s %-26s %-10s %s%n",
                row.id(),
                row.tenant(),
                row.createdAt(),
                row.revokedAt() == null ? "valid" : "revoked",
                row.note());
      }
      return 0;
    }
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Makes a key worthless, within seconds on a running gateway.")
  int revoke(
      @Mixin KeyPlace place,
      @Parameters(paramLabel = "KEY", description = "Its id, from 'keys list'.") String id)
      throws Exception {
    try (KeyPlace.OpenKeys open = place.open()) {
      if (!open.keys().revoke(id)) {
        spec.commandLine().getErr().println("tierwise: there is no key " + id);
        return Main.REFUSED;
      }
      out().println("revoked " + id);
      return 0;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
