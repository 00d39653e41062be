package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ServeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "serve --config my.yaml",
        "serve --seed 7",
        "serve --config /etc/tierwise/tierwise.yaml --seed 0",
        "serve --seed 999999999 --config a@b$HOME.yaml",
      })
  void understandsWhatAScriptWritesAsPicocliDoes(String line) {
    assertEquals(Optional.of(byPicocli(line.split(" "))), Serve.plain(line.split(" ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "serve --help",
        "serve --config",
        "serve --config=my.yaml",
        "serve --config --seed",
        "serve --config @files",
        "serve --config a.yaml --config b.yaml",
        "serve --seed 1 --seed 2",
        "serve --seed one",
        "serve --seed -1",
        "serve --seed 1000000000",
        "serve --port 80",
        "serve my.yaml",
        "config --config my.yaml",
      })
  void leavesTheRestToPicocli(String line) {
    assertEquals(Optional.empty(), Serve.plain(line.split(" ")));
  }

  @Test
  void leavesNoArgumentsToPicocli() {
    assertEquals(Optional.empty(), Serve.plain());
    assertEquals(Optional.empty(), Serve.plain("serve", "--config", ""));
    assertEquals(
        Optional.of(new Serve(Path.of("a b.yaml"), null)),
        Serve.plain("serve", "--config", "a b.yaml"));
  }

  private static Serve byPicocli(String... arguments) {
    CommandLine.ParseResult parsed = Main.commandLine().parseArgs(arguments);
    return ((ServeCommand) parsed.subcommand().commandSpec().userObject()).serve();
  }
}
