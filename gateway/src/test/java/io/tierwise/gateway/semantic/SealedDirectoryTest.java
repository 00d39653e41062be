package io.tierwise.gateway.semantic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;

class SealedDirectoryTest {
  private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");

  private static SealedDirectory over(Directory plain) {
    return new SealedDirectory(plain, KEY, new SecureRandom());
  }

  private static void write(Directory directory, String name, byte[] bytes) throws IOException {
    try (IndexOutput out = directory.createOutput(name, IOContext.DEFAULT)) {
      out.writeBytes(bytes, bytes.length);
    }
  }

  /** Lengths around the blocks of the cipher and the buffers of the reader. */
  @Property(tries = 60)
  void readsFromAnywhereWhatWasWritten(
      @ForAll @IntRange(max = 40_000) int length, @ForAll @LongRange(min = 0) long seed)
      throws IOException {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    try (SealedDirectory sealed = over(new ByteBuffersDirectory())) {
      write(sealed, "file", bytes);
      assertEquals(length, sealed.fileLength("file"));
      try (IndexInput in = sealed.openInput("file", IOContext.DEFAULT)) {
        assertEquals(length, in.length());
        IndexInput clone = in.clone();
        for (int i = 0; i < 20; i++) {
          int from = random.nextInt(length + 1);
          byte[] part = new byte[random.nextInt(length - from + 1)];
          IndexInput reader = i % 2 == 0 ? in : clone;
          reader.seek(from);
          reader.readBytes(part, 0, part.length);
          assertArrayEquals(Arrays.copyOfRange(bytes, from, from + part.length), part);
        }
        int from = random.nextInt(length + 1);
        IndexInput slice = in.slice("part", from, length - from);
        byte[] rest = new byte[length - from];
        slice.readBytes(rest, 0, rest.length);
        assertArrayEquals(Arrays.copyOfRange(bytes, from, length), rest);
      }
    }
  }

  @Test
  void theSameContentIsSealedOtherwiseEveryTime() throws IOException {
    try (ByteBuffersDirectory plain = new ByteBuffersDirectory()) {
      SealedDirectory sealed = over(plain);
      byte[] zeros = new byte[64];
      write(sealed, "one", zeros);
      write(sealed, "other", zeros);
      byte[] one = raw(plain, "one");
      byte[] other = raw(plain, "other");
      assertEquals(80, one.length, "a first counter before it");
      assertEquals(-1, Arrays.mismatch(one, 8, 16, new byte[8], 0, 8), "blocks count from zero");
      for (int block = 16; block < 80; block += 16) {
        assertEquals(
            false, Arrays.equals(one, block, block + 16, other, block, block + 16), "by file");
        assertEquals(false, Arrays.equals(one, block, block + 16, new byte[16], 0, 16), "no zeros");
      }
    }
  }

  private static byte[] raw(Directory plain, String name) throws IOException {
    try (IndexInput in = plain.openInput(name, IOContext.DEFAULT)) {
      byte[] bytes = new byte[(int) in.length()];
      in.readBytes(bytes, 0, bytes.length);
      return bytes;
    }
  }

  /** Counts what is read of the files below it. */
  private static final class Counted extends FilterDirectory {
    private final AtomicLong read = new AtomicLong();

    Counted(Directory in) {
      super(in);
    }

    @Override
    public IndexInput openInput(String name, IOContext context) throws IOException {
      return new Input(super.openInput(name, context), read);
    }

    private static final class Input extends IndexInput {
      private final IndexInput in;
      private final AtomicLong read;

      Input(IndexInput in, AtomicLong read) {
        super("counted " + in);
        this.in = in;
        this.read = read;
      }

      @Override
      public byte readByte() throws IOException {
        read.incrementAndGet();
        return in.readByte();
      }

      @Override
      public void readBytes(byte[] into, int at, int count) throws IOException {
        read.addAndGet(count);
        in.readBytes(into, at, count);
      }

      @Override
      public void close() throws IOException {
        in.close();
      }

      @Override
      public long getFilePointer() {
        return in.getFilePointer();
      }

      @Override
      public void seek(long position) throws IOException {
        in.seek(position);
      }

      @Override
      public long length() {
        return in.length();
      }

      @Override
      public IndexInput slice(String name, long from, long length) throws IOException {
        return new Input(in.slice(name, from, length), read);
      }

      @Override
      public Input clone() {
        return new Input(in.clone(), read);
      }
    }
  }

  @Test
  void deciphersOfAVectorAmongOthersNothingElse() throws IOException {
    int dimensions = 384;
    float[] vectors = new float[100 * dimensions];
    ByteBuffer bytes =
        ByteBuffer.allocate(4 + vectors.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(7);
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = i / 8f;
      bytes.putFloat(vectors[i]);
    }
    Counted counted = new Counted(new ByteBuffersDirectory());
    try (SealedDirectory sealed = over(counted)) {
      write(sealed, "file", bytes.array());
      try (IndexInput in = sealed.openInput("file", IOContext.DEFAULT)) {
        IndexInput slice = in.slice("vectors", 4, (long) vectors.length * Float.BYTES).clone();
        float[] vector = new float[dimensions];
        for (int number : new int[] {70, 3, 4, 99}) {
          long before = counted.read.get();
          slice.seek((long) number * dimensions * Float.BYTES);
          slice.readFloats(vector, 0, dimensions);
          int from = number * dimensions;
          assertArrayEquals(Arrays.copyOfRange(vectors, from, from + dimensions), vector);
          // It begins four bytes after a block of the cipher does.
          assertEquals(4 + dimensions * Float.BYTES, counted.read.get() - before);
        }
        assertThrows(EOFException.class, () -> slice.readFloats(vector, 0, 1));
        in.seek(4);
        in.readFloats(vector, 0, 1);
        in.readFloats(vector, 1, 1);
        assertEquals(vectors[1], vector[1]);
        assertEquals(12, in.getFilePointer());
      }
    }
  }

  @Test
  void deciphersAVectorOnceAndTakesNoOtherFilesForIt() throws IOException {
    Counted counted = new Counted(new ByteBuffersDirectory());
    try (SealedDirectory sealed = over(counted)) {
      for (int file = 1; file <= 2; file++) {
        ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) {
          bytes.putFloat(10 * file + i);
        }
        write(sealed, "file" + file, bytes.array());
      }
      try (IndexInput one = sealed.openInput("file1", IOContext.DEFAULT);
          IndexInput other = sealed.openInput("file2", IOContext.DEFAULT)) {
        float[] vector = new float[4];
        one.seek(16);
        one.readFloats(vector, 0, 4);
        long before = counted.read.get();
        IndexInput clone = one.clone();
        clone.seek(16);
        clone.readFloats(vector, 0, 4);
        assertArrayEquals(new float[] {14, 15, 16, 17}, vector);
        assertEquals(before, counted.read.get());
        assertEquals(32, clone.getFilePointer());
        other.seek(16);
        other.readFloats(vector, 0, 4);
        assertArrayEquals(new float[] {24, 25, 26, 27}, vector);
        other.seek(16);
        other.readFloats(vector, 0, 2);
        assertEquals(24, vector[0]);
        assertEquals(24, other.getFilePointer());
      }
    }
  }

  @Test
  void readsNothingBeyondTheEnd() throws IOException {
    try (SealedDirectory sealed = over(new ByteBuffersDirectory())) {
      write(sealed, "file", new byte[10]);
      try (IndexInput in = sealed.openInput("file", IOContext.DEFAULT)) {
        in.seek(5);
        assertThrows(EOFException.class, () -> in.readBytes(new byte[6], 0, 6));
      }
    }
  }
}
