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
import org.apache.lucene.store.RandomAccessInput;
import org.junit.jupiter.api.Test;

class SealedDirectoryTest {
  private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");

  private static SealedDirectory over(Directory plain) {
    return over(plain, new ClearPages(1 << 20));
  }

  private static SealedDirectory over(Directory plain, ClearPages clear) {
    return new SealedDirectory(plain, KEY, new SecureRandom(), clear);
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

  /** Around where a page ends, where a number has bytes of two. */
  @Property(tries = 60)
  void readsNumbersAsLuceneWritesThem(
      @ForAll @IntRange(min = 4060, max = 4110) int from, @ForAll @LongRange(min = 0) long seed)
      throws IOException {
    Random random = new Random(seed);
    byte[] bytes = new byte[3 * ClearPages.SIZE];
    random.nextBytes(bytes);
    ByteBuffer plain = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try (SealedDirectory sealed = over(new ByteBuffersDirectory())) {
      write(sealed, "file", bytes);
      try (IndexInput in = sealed.openInput("file", IOContext.DEFAULT)) {
        IndexInput slice = in.slice("part", 5, bytes.length - 5);
        slice.seek(from - 5);
        assertEquals(plain.getLong(from), slice.readLong());
        assertEquals(plain.getInt(from + 8), slice.readInt());
        assertEquals(plain.getShort(from + 12), slice.readShort());
        assertEquals(plain.get(from + 14), slice.readByte());
        float[] floats = new float[1200];
        slice.readFloats(floats, 100, 1100);
        for (int i = 0; i < 1100; i++) {
          float expected = plain.getFloat(from + 15 + i * Float.BYTES);
          assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(floats[100 + i]));
        }
        assertEquals(from + 10 + 1100 * Float.BYTES, slice.getFilePointer());
        RandomAccessInput anywhere = in.randomAccessSlice(5, bytes.length - 5);
        assertEquals(plain.getInt(from), anywhere.readInt(from - 5));
        assertEquals(plain.getLong(from - 5), anywhere.readLong(from - 10));
        assertEquals(plain.getShort(from + 3), anywhere.readShort(from - 2));
        assertEquals(plain.get(6), anywhere.readByte(1));
      }
    }
  }

  @Test
  void deciphersAPageOnceForAllReadersOfAFile() throws IOException {
    Counted counted = new Counted(new ByteBuffersDirectory());
    try (SealedDirectory sealed = over(counted)) {
      byte[] ones = new byte[3 * ClearPages.SIZE];
      Arrays.fill(ones, (byte) 1);
      write(sealed, "ones", ones);
      write(sealed, "twos", new byte[] {2, 2});
      try (IndexInput one = sealed.openInput("ones", IOContext.DEFAULT);
          IndexInput other = sealed.openInput("twos", IOContext.DEFAULT)) {
        long before = counted.read.get();
        one.seek(ClearPages.SIZE + 700);
        assertEquals(1, one.readByte());
        assertEquals(ClearPages.SIZE, counted.read.get() - before);
        IndexInput clone = one.clone();
        assertEquals(ClearPages.SIZE + 701, clone.getFilePointer());
        clone.seek(2 * ClearPages.SIZE - 1);
        assertEquals(1, clone.readByte());
        IndexInput slice = one.slice("second page", ClearPages.SIZE, 10);
        assertEquals(1, slice.readByte());
        assertEquals(ClearPages.SIZE, counted.read.get() - before);
        assertEquals(2, other.readByte());
        assertEquals(ClearPages.SIZE + 2, counted.read.get() - before);
      }
    }
  }

  @Test
  void holdsNoMoreThanItMayAndNothingOfClosedFiles() throws IOException {
    ClearPages clear = new ClearPages(8 * ClearPages.SIZE);
    try (SealedDirectory sealed = over(new ByteBuffersDirectory(), clear)) {
      byte[] bytes = new byte[20 * ClearPages.SIZE];
      new Random(1).nextBytes(bytes);
      write(sealed, "file", bytes);
      try (IndexInput in = sealed.openInput("file", IOContext.DEFAULT)) {
        for (int page : new int[] {3, 19, 0, 7, 5, 11, 2, 13, 17, 1, 3, 9, 19}) {
          in.seek((long) page * ClearPages.SIZE);
          assertEquals(bytes[page * ClearPages.SIZE], in.readByte());
        }
        assertEquals(8, clear.size());
      }
      assertEquals(0, clear.size());
    }
  }

  @Test
  void whoReadsAFileFromEndToEndLeavesRoomForOthers() throws IOException {
    ClearPages clear = new ClearPages(2000L * ClearPages.SIZE);
    try (SealedDirectory sealed = over(new ByteBuffersDirectory(), clear)) {
      byte[] bytes = new byte[1500 * ClearPages.SIZE];
      write(sealed, "file", bytes);
      try (IndexInput in = sealed.openInput("file", IOContext.DEFAULT)) {
        in.readBytes(bytes, 0, bytes.length);
        assertEquals(1024, clear.size());
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
