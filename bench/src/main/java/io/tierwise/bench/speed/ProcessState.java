package io.tierwise.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Java process holds after a full collection, as Linux and the JDK's {@code jcmd} tell it.
 *
 * @param heapBytes what its objects take
 * @param threads of the operating system
 * @param descriptors open files and sockets
 */
record ProcessState(long heapBytes, long threads, long descriptors, long residentBytes) {
  private static final long KIBIBYTE = 1024;
  private static final Pattern USED = Pattern.compile("used ([0-9]+)K");

  static ProcessState of(long pid) throws IOException {
    jcmd(pid, "GC.run");
    return new ProcessState(
        heap(jcmd(pid, "GC.heap_info")), threads(pid), descriptors(pid), ResidentMemory.now(pid));
  }

  /** The sum over the generations, which the line of the metaspace follows. */
  static long heap(List<String> lines) throws IOException {
    long bytes = 0;
    for (String line : lines) {
      if (line.strip().startsWith("Metaspace")) {
        break;
      }
      Matcher used = USED.matcher(line);
      bytes += used.find() ? KIBIBYTE * Long.parseLong(used.group(1)) : 0;
    }
    if (bytes == 0) {
      throw new IOException("jcmd says nothing of a heap: " + lines);
    }
    return bytes;
  }

  private static List<String> jcmd(long pid, String command) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    try (var output = process.inputReader()) {
      return output.lines().toList();
    }
  }

  private static long threads(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("Threads:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("/proc/" + pid + "/status has no Threads");
  }

  private static long descriptors(long pid) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    }
  }
}
