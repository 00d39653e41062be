package io.tierwise.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor time that a process has taken so far, as Linux counts it. */
final class ProcessorTime {
  /** Linux counts in hundredths of a second for programs, whatever its own clock is. */
  private static final double MICROS_IN_TICK = 10_000;

  /** Places after the process's name, which may hold blanks itself. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;

  private ProcessorTime() {}

  static double micros(long pid) throws IOException {
    String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return MICROS_IN_TICK * (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]));
  }
}
