package io.tierwise.local.pack;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Builds one function's folder as Lambda unpacks it: {@code lib/*.jar} with the native libraries of
 * one processor alone, and ONNX Runtime's unpacked in {@code native/}, so that nothing is extracted
 * at start.
 */
public final class FunctionPackage {
  private static final String ONNX_RUNTIME = "ai/onnxruntime/native/";

  private final Path folder;
  private final Architecture architecture;

  private FunctionPackage(Path folder, Architecture architecture) {
    this.folder = folder;
    this.architecture = architecture;
  }

  /**
   * @param module where the function was built: its jar is in {@code target/}, what it needs in
   *     {@code target/lib/}
   * @param folder is emptied first, unless it was built from the same jars before
   * @return true when it was built now
   */
  public static boolean build(Path module, Path folder, Architecture architecture)
      throws IOException {
    Path mark = folder.resolveSibling(folder.getFileName() + ".built");
    if (isCurrent(module, mark, architecture)) {
      return false;
    }
    delete(folder);
    FunctionPackage made = new FunctionPackage(folder, architecture);
    Files.createDirectories(folder.resolve("lib"));
    for (Path jar : jars(module)) {
      made.add(jar);
    }
    Files.writeString(mark, architecture.name());
    return true;
  }

  private static boolean isCurrent(Path module, Path mark, Architecture architecture)
      throws IOException {
    if (!Files.exists(mark) || !Files.readString(mark).equals(architecture.name())) {
      return false;
    }
    for (Path jar : jars(module)) {
      if (Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(mark)) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Copies a directory into the package, in place of what is there of an earlier build. */
  public static void include(Path source, Path target) throws IOException {
    delete(target);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private static List<Path> jars(Path module) throws IOException {
    Path target = module.resolve("target");
    if (!Files.exists(target.resolve("lib"))) {
      throw new IOException(module + " is not built; run ./tierwise once, which builds it");
    }
    try (Stream<Path> own = Files.list(target);
        Stream<Path> needed = Files.list(target.resolve("lib"))) {
      return Stream.concat(own, needed)
          .filter(file -> file.getFileName().toString().endsWith(".jar"))
          .sorted()
          .toList();
    }
  }

  private void add(Path jar) throws IOException {
    Path copy = folder.resolve("lib").resolve(jar.getFileName().toString());
    try (ZipFile from = new ZipFile(jar.toFile());
        ZipOutputStream to =
            new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(copy)))) {
      for (ZipEntry entry :
          from.stream().sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
        if (entry.isDirectory()) {
          continue;
        }
        try (InputStream content = from.getInputStream(entry)) {
          place(entry.getName(), content, to);
        }
      }
    }
  }

  private void place(String name, InputStream content, ZipOutputStream jar) throws IOException {
    if (name.startsWith(ONNX_RUNTIME)) {
      if (architecture.runs(name)) {
        Path target = folder.resolve("native").resolve(name.substring(name.lastIndexOf('/') + 1));
        Files.createDirectories(target.getParent());
        Files.copy(content, target);
      }
    } else if (!isNative(name) || architecture.runs(name)) {
      ZipEntry copy = new ZipEntry(name);
      copy.setTime(0);
      jar.putNextEntry(copy);
      content.transferTo(jar);
      jar.closeEntry();
    }
  }

  private static boolean isNative(String name) {
    return Stream.of(".so", ".dylib", ".jnilib", ".dll", ".a").anyMatch(name::endsWith);
  }

  /** How large a folder is, unpacked and as a zip file, in bytes. */
  public record Size(long unpacked, long zipped) {
    public static Size of(Path folder) throws IOException {
      Counter counter = new Counter();
      long unpacked = 0;
      try (ZipOutputStream zip = new ZipOutputStream(counter);
          Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
          unpacked += Files.copy(file, zip);
          zip.closeEntry();
        }
      }
      return new Size(unpacked, counter.bytes);
    }
  }

  /** Counts, and keeps nothing. */
  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int oneByte) {
      bytes++;
    }

    @Override
    public void write(byte[] content, int from, int length) {
      bytes += length;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
