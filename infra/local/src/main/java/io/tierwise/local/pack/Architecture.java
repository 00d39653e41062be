package io.tierwise.local.pack;

import java.util.Locale;
import java.util.stream.Stream;

/** The processors that Lambda offers, under the names that native libraries know them by. */
public enum Architecture {
  X86_64,
  ARM64;

  /** This machine's. */
  public static Architecture own() {
    return System.getProperty("os.arch").equals("aarch64") ? ARM64 : X86_64;
  }

  /** Whether a jar's entry holds a native library that this processor under Linux can load. */
  boolean runs(String entry) {
    String name = entry.toLowerCase(Locale.ROOT);
    return platforms().anyMatch(platform -> name.contains("/" + platform + "/"));
  }

  private Stream<String> platforms() {
    return switch (this) {
      case X86_64 -> Stream.of("linux-x64", "linux-x86_64", "linux/x86_64");
      case ARM64 -> Stream.of("linux-aarch64", "linux/aarch64");
    };
  }
}
