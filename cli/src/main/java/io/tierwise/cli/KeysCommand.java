package io.tierwise.cli;

import io.tierwise.gateway.store.IssuedKey;
import io.tierwise.gateway.store.KeyRow;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.store.ManagedKeys;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Tenant;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
    description = {
      "Adds, lists and revokes API keys. A caller's key belongs to one tenant; an administrator's",
      "opens the console at /console, may forget everybody's cached answers, and asks for none."
    })
final class KeysCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Makes a key and prints it, this once: only its hash is kept.")
  int add(
      @Mixin KeyPlace place,
      @ArgGroup(multiplicity = "1") Holder holder,
      @Option(names = "--note", defaultValue = "", description = "What it is for.") String note)
      throws Exception {
    try (KeyPlace.OpenKeys open = place.open()) {
      IssuedKey key =
          holder.tenant == null
              ? administrators(open.keys()).addAdmin(note)
              : open.keys().add(new Tenant(holder.tenant), note);
      out().println(key.secretKey());
      return 0;
    }
  }

  private static KeyStore administrators(ManagedKeys keys) {
    if (keys instanceof KeyStore embedded) {
      return embedded;
    }
    throw new InvalidValueException(
        "--admin", "only a box of one's own has a console", "leave out --table");
  }

  /** Whose key it is to be. */
  static final class Holder {
    @Option(names = "--tenant", description = "Who pays for what is asked with it.")
    private @Nullable String tenant;

    @Option(names = "--admin", description = "It opens the console instead.")
    @SuppressWarnings("unused") // one of the two is given: without a tenant it is this
    private boolean admin;
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
                row.admin() ? "(admin)" : row.tenant(),
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
