package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of docs/quickstart.md as they are written there, in a directory of their own.
 */
class QuickstartIT {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)\n```");

  @TempDir private Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : started.reversed()) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.waitFor(30, TimeUnit.SECONDS);
    }
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void theDocumentsCommandsEndWithACertifiedStudentThatAnswers() throws Exception {
    install();
    String gateway = String.valueOf(freePort());
    String teacher = String.valueOf(freePort());
    List<String> commands =
        BLOCK
            .matcher(Files.readString(HOME.resolve("docs/quickstart.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .map(command -> command.replace("8080", gateway).replace("8090", teacher))
            .toList();
    assertTrue(commands.size() <= 8, commands.size() + " commands");

    String last = "";
    for (String command : commands) {
      last = run(command);
      Path config = directory.resolve("tierwise.yaml");
      Files.writeString(config, Files.readString(config).replace("8080", gateway));
    }

    assertTrue(last.startsWith("HTTP/1.1 200"), last);
    assertTrue(last.contains("x-tierwise-tier: student"), last);
    assertTrue(last.contains("x-tierwise-certificate: "), last);
    assertTrue(last.contains("\"chat.completion\""), last);
  }

  /** The launcher without its build: a build is what runs this test. */
  private void install() throws IOException {
    Path launcher =
        Files.writeString(
            directory.resolve("tierwise"),
            """
            #!/bin/sh
            exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \\
              --sun-misc-unsafe-memory-access=allow -Dai.djl.offline=true \\
              -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 \\
              -Dtierwise.home='%1$s' \\
              -cp '%1$s/cli/target/tierwise-cli.jar:%1$s/cli/target/lib/*' \\
              io.tierwise.cli.Main "$@"
            """
                .formatted(HOME));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(directory.resolve("infra"), HOME.resolve("infra"));
  }

  private String run(String command) throws Exception {
    boolean background = command.endsWith("&");
    Path log = directory.resolve("step-" + started.size() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
            "bash", "-c", background ? command.substring(0, command.length() - 1) : command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("DJL_OFFLINE", "true");
    builder.environment().put("OPT_OUT_TRACKING", "true");
    Process process =
        builder
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    started.add(process);
    if (background) {
      awaitListening(process, log);
    } else {
      assertEquals(0, process.waitFor(), command + "\n" + Files.readString(log));
    }
    return Files.readString(log);
  }

  private void awaitListening(Process process, Path log) throws Exception {
    while (!said(log) && !said(directory.resolve("gateway.log"))) {
      boolean ended = process.waitFor(200, TimeUnit.MILLISECONDS);
      assertTrue(!ended, () -> "ended: " + log);
    }
  }

  private static boolean said(Path log) throws IOException {
    return Files.exists(log) && Files.readString(log).contains("listening on ");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
