package io.tierwise.distill.encoder;

import io.tierwise.distill.train.Gradients.Parameter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;

/** What a stage of training came to, kept in the cache: a job that was cut off goes on after it. */
final class WeightsFile {
  private static final int MAGIC = 0x54574531; // TWE1

  private WeightsFile() {}

  /**
   * The weights in the file, or those of the stage, which are then written to it.
   *
   * @param name of what the stage starts from
   */
  static EncoderWeights of(Path cache, String name, Supplier<EncoderWeights> stage)
      throws IOException {
    Path file = cache.resolve("encoder-" + name + ".bin");
    if (Files.exists(file)) {
      return read(file);
    }
    EncoderWeights weights = stage.get();
    Files.createDirectories(cache);
    Path partial = Files.createTempFile(cache, "encoder", ".partial");
    try {
      write(partial, weights);
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
    return weights;
  }

  private static void write(Path file, EncoderWeights weights) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(MAGIC);
      out.writeInt(weights.heads());
      out.writeInt(weights.parameters().size());
      for (Map.Entry<String, Parameter> each : weights.parameters().entrySet()) {
        Parameter parameter = each.getValue();
        out.writeUTF(each.getKey());
        out.writeInt(parameter.shape().length);
        for (long size : parameter.shape()) {
          out.writeLong(size);
        }
        ByteBuffer bytes = ByteBuffer.allocate(parameter.values().length * Float.BYTES);
        bytes.asFloatBuffer().put(parameter.values());
        out.writeInt(bytes.capacity());
        out.write(bytes.array());
      }
    }
  }

  private static EncoderWeights read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (in.readInt() != MAGIC) {
        throw new IOException(file + " is no file of weights; delete it and run the job again");
      }
      int heads = in.readInt();
      int count = in.readInt();
      SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        long[] shape = new long[in.readInt()];
        for (int axis = 0; axis < shape.length; axis++) {
          shape[axis] = in.readLong();
        }
        byte[] bytes = in.readNBytes(in.readInt());
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        parameters.put(name, new Parameter(values, shape));
      }
      return new EncoderWeights(heads, parameters);
    } catch (EOFException e) {
      throw new IOException(file + " is cut short; delete it and run the job again", e);
    }
  }
}
