package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands write where nobody looks: into a pipe or a file. */
class PipedOutputIT {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));

  @TempDir private Path directory;

  /** What a process wrote. */
  private record Written(int code, String out, String err) {
    /** Colours and bars are control sequences and carriage returns. */
    void assertPlain() {
      assertFalse((out + err).contains("\u001b"), out + err);
      assertFalse((out + err).contains("\r"), out + err);
    }

    void assertEndsWithOneObject() throws IOException {
      String last = out.lines().toList().getLast();
      assertTrue(new ObjectMapper().readTree(last).isObject(), out);
    }
  }

  private Written run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dai.djl.offline=true",
            "-Dai.djl.pytorch.num_threads=1",
            "-Dai.djl.pytorch.num_interop_threads=1",
            "-Dtierwise.home=" + HOME,
            "-cp",
            HOME.resolve("cli/target/tierwise-cli.jar")
                + ":"
                + HOME.resolve("cli/target/lib")
                + "/*",
            "io.tierwise.cli.Main"));
    command.addAll(List.of(arguments));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int code = process.waitFor();
    return new Written(code, Files.readString(out), Files.readString(err));
  }

  @Test
  void aMeasurementHasNoBarAndEndsWithItsResult() throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      String label = i % 2 == 0 ? "refund" : "delivery";
      rows.append(
          "{\"text\":\"number %d asks about %s\",\"reference\":\"%s\"}\n"
              .formatted(i, label, label));
    }
    Path data = Files.writeString(directory.resolve("traffic.jsonl"), rows);
    Written written =
        run(
            "replay",
            "--data",
            data.toString(),
            "--reference-field",
            "reference",
            "--epsilon",
            "0.1",
            "--delta",
            "0.1",
            "--json");
    assertEquals(0, written.code(), written.err());
    written.assertPlain();
    written.assertEndsWithOneObject();
  }

  @Test
  void checksAndHelpHaveNoColours() throws Exception {
    assertEquals(0, run("config", "init").code());
    Written check = run("config", "check", "--json");
    check.assertPlain();
    check.assertEndsWithOneObject();
    Written doctor = run("doctor", "--json");
    doctor.assertPlain();
    doctor.assertEndsWithOneObject();
    Written text = run("doctor");
    text.assertPlain();
    Written help = run("replay", "--help");
    help.assertPlain();
    Written mistake = run("serv");
    mistake.assertPlain();
    assertEquals(2, mistake.code());
  }
}
