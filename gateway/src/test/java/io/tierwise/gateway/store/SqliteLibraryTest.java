package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

class SqliteLibraryTest {
  @TempDir private Path directory;

  @Test
  void unpacksTheLibraryOfThisMachineWhereOnlyItsOwnerCanWrite() throws IOException {
    Path folder = directory.resolve("natives");
    SqliteLibrary.unpack(folder);
    Path library = folder.resolve(LibraryLoaderUtil.getNativeLibName());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(library), files.toList());
    }
    assertArrayEquals(packed(), Files.readAllBytes(library));
    for (Path each : List.of(folder, library)) {
      assertEquals(
          PosixFilePermissions.fromString("rwxr-xr-x"), Files.getPosixFilePermissions(each));
    }
  }

  @Test
  void putsTheRightOneInTheOthersPlace() throws IOException {
    Path library = directory.resolve(LibraryLoaderUtil.getNativeLibName());
    Files.writeString(library, "an older one");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    SqliteLibrary.unpack(directory);
    assertArrayEquals(packed(), Files.readAllBytes(library));
    assertEquals(
        Set.copyOf(PosixFilePermissions.fromString("rwxr-xr-x")),
        Files.getPosixFilePermissions(directory));
  }

  private static byte[] packed() throws IOException {
    String resource =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    }
  }
}
