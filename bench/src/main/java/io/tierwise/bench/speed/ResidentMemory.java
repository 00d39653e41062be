package io.tierwise.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process's resident memory, as Linux counts it; bytes. */
final class ResidentMemory {
  private static final long KIBIBYTE = 1024;

  private ResidentMemory() {}

  static long now(long pid) throws IOException {
    return of(pid, "VmRSS:");
  }

  /** The most since it began. */
  static long most(long pid) throws IOException {
    return of(pid, "VmHWM:");
  }

  private static long of(long pid, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith(field)) {
        return KIBIBYTE * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("/proc/" + pid + "/status has no " + field);
  }
}
