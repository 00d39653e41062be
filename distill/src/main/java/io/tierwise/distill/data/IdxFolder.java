package io.tierwise.distill.data;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Images in the IDX format of the MNIST database (LeCun, Cortes, Burges), plain or gzipped: files
 * whose names hold {@code train} or {@code t10k}, and {@code images} or {@code labels}. Pixels
 * become numbers from 0 to 1.
 */
public final class IdxFolder {
  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;
  private static final int MOST = 10_000_000;

  private IdxFolder() {}

  /** What to train on, and what to measure on. */
  public record Digits(FeatureSet train, FeatureSet test) {}

  /**
   * @throws InvalidValueException naming the file that is missing or damaged
   */
  public static Digits read(Path folder) throws IOException {
    int classes = 0;
    int[] train = labels(find(folder, "train", "labels"));
    int[] test = labels(find(folder, "t10k", "labels"));
    for (int label : train) {
      classes = Math.max(classes, label + 1);
    }
    for (int label : test) {
      classes = Math.max(classes, label + 1);
    }
    List<Label> names =
        IntStream.range(0, classes).mapToObj(String::valueOf).map(Label::new).toList();
    return new Digits(
        new FeatureSet(names, images(find(folder, "train", "images")), train),
        new FeatureSet(names, images(find(folder, "t10k", "images")), test));
  }

  private static Path find(Path folder, String part, String what) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new InvalidValueException(
          folder.toString(), "it is no folder", "give one with IDX files");
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> {
            String name = String.valueOf(file.getFileName());
            return name.contains(part) && name.contains(what) && name.contains("idx");
          })
          .sorted()
          .findFirst()
          .orElseThrow(() ->
              new InvalidValueException(
                  folder.toString(),
                  "it has no file named *" + part + "*" + what + "*idx*",
                  "put the IDX files there, plain or gzipped"));
    }
  }

  private static float[][] images(Path file) throws IOException {
    try (DataInputStream data = open(file)) {
      int count = header(file, data, IMAGES);
      int pixels = Math.multiplyExact(data.readInt(), data.readInt());
      float[][] images = new float[count][pixels];
      byte[] row = new byte[pixels];
      for (float[] image : images) {
        data.readFully(row);
        for (int i = 0; i < pixels; i++) {
          image[i] = (row[i] & 0xff) / 255f;
        }
      }
      return images;
    } catch (EOFException e) {
      throw shortened(file);
    }
  }

  private static int[] labels(Path file) throws IOException {
    try (DataInputStream data = open(file)) {
      int[] labels = new int[header(file, data, LABELS)];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = data.readUnsignedByte();
      }
      return labels;
    } catch (EOFException e) {
      throw shortened(file);
    }
  }

  private static int header(Path file, DataInputStream data, int magic) throws IOException {
    int found = data.readInt();
    int count = data.readInt();
    if (found != magic || count < 1 || count > MOST) {
      throw new InvalidValueException(
          file.toString(),
          "it begins with %08x and holds %d".formatted(found, count),
          "give an IDX file, which begins with %08x".formatted(magic));
    }
    return count;
  }

  private static InvalidValueException shortened(Path file) {
    return new InvalidValueException(
        file.toString(), "it ends before all it promises", "get the file again");
  }

  private static DataInputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file));
    return new DataInputStream(
        file.toString().endsWith(".gz") ? new BufferedInputStream(new GZIPInputStream(raw)) : raw);
  }
}
