package io.tierwise.cli;

import io.tierwise.gateway.flywheel.TaskLock;
import io.tierwise.gateway.flywheel.TrainingJobs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Training jobs as further processes of this program, each with a log beside its lock. */
final class JobProcesses implements TrainingJobs {
  private final Path config;
  private final Path data;

  JobProcesses(Path config, Path data) {
    this.config = config;
    this.data = data;
  }

  @Override
  public Job start(String task, String reason) throws IOException {
    File log = TaskLock.folder(data).resolve(task + ".log").toFile();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=1",
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-Dtierwise.home=" + Installation.home(),
                Main.class.getName()));
    command.addAll(List.of("distill", "turn", "--quiet", "--task", task));
    command.addAll(List.of("--reason", reason, "--config", config.toAbsolutePath().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("DJL_OFFLINE", "true");
    builder.environment().put("OPT_OUT_TRACKING", "true");
    return new Running(builder.start());
  }

  private record Running(Process process) implements Job {
    @Override
    public boolean running() {
      return process.isAlive();
    }

    @Override
    public void stop() {
      process.destroy();
    }
  }
}
