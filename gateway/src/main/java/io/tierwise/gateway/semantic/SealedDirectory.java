package io.tierwise.gateway.semantic;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.CipherOutputStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import org.apache.lucene.store.BufferedIndexInput;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.OutputStreamIndexOutput;

/**
 * A directory whose files only a key reads: AES in counter mode (NIST SP 800-38A), which decrypts
 * from anywhere in a file, as an index needs it. A file begins with a random first counter, half of
 * which is the file's own and half of which counts its blocks from zero. It hides; that nothing was
 * changed it does not show, for what an index finds counts only with its row of the store, and that
 * one does.
 *
 * <p>A search looks at thousands of vectors, and mostly at the same ones: those read last are
 * remembered in the clear, in memory. A file is written once, so they stay true.
 */
final class SealedDirectory extends FilterDirectory {
  private static final int BLOCK = 16;
  private static final int OWN = 8;
  private static final int BUFFER = 8192;

  /** Of all but vectors. */
  private static final int READ_AT_ONCE = 2048;

  /** Some 20,000 vectors of 384 numbers. */
  private static final long REMEMBERED_BYTES = 32L << 20;

  private final SecretKey key;
  private final SecureRandom random;
  private final Cache<Place, float[]> remembered =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED_BYTES)
          .weigher((Place place, float[] vector) -> vector.length * Float.BYTES)
          .executor(Runnable::run)
          .build();

  /**
   * Where a vector lies.
   *
   * @param file its first counter, which is no other file's
   */
  @SuppressWarnings("ArrayRecordComponent") // the very array of the open file
  private record Place(byte[] file, long at) {}

  SealedDirectory(Directory in, SecretKey key, SecureRandom random) {
    super(in);
    this.key = key;
    this.random = random;
  }

  @Override
  public IndexOutput createOutput(String name, IOContext context) throws IOException {
    return sealed(super.createOutput(name, context));
  }

  @Override
  public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
      throws IOException {
    return sealed(super.createTempOutput(prefix, suffix, context));
  }

  private IndexOutput sealed(IndexOutput raw) throws IOException {
    byte[] start = new byte[BLOCK];
    byte[] own = new byte[OWN];
    random.nextBytes(own);
    System.arraycopy(own, 0, start, 0, OWN);
    raw.writeBytes(start, BLOCK);
    Cipher cipher = cipher();
    place(cipher, Cipher.ENCRYPT_MODE, key, start, 0);
    return new OutputStreamIndexOutput(
        "sealed " + raw.getName(),
        raw.getName(),
        new CipherOutputStream(new Written(raw), cipher),
        BUFFER);
  }

  @Override
  public IndexInput openInput(String name, IOContext context) throws IOException {
    IndexInput raw = super.openInput(name, context);
    try {
      byte[] start = new byte[BLOCK];
      raw.readBytes(start, 0, BLOCK);
      return new Opened(
          "sealed " + name, raw, new Sealed(key, start, remembered), 0, raw.length() - BLOCK, true);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  @Override
  public long fileLength(String name) throws IOException {
    return Math.max(0, super.fileLength(name) - BLOCK);
  }

  private static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES", e);
    }
  }

  /** Puts a cipher into the state that it has after a number of whole blocks. */
  private static void place(Cipher cipher, int mode, SecretKey key, byte[] start, long blocks) {
    ByteBuffer counter = ByteBuffer.wrap(start.clone());
    counter.putLong(OWN, blocks);
    try {
      cipher.init(mode, key, new IvParameterSpec(counter.array()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this key was made for AES", e);
    }
  }

  /** What is written to a file. */
  private static final class Written extends OutputStream {
    private final IndexOutput raw;

    Written(IndexOutput raw) {
      this.raw = raw;
    }

    @Override
    public void write(int value) throws IOException {
      raw.writeByte((byte) value);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      raw.writeBytes(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      raw.close();
    }
  }

  /** What all readers of one file have in common. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Sealed(SecretKey key, byte[] start, Cache<Place, float[]> remembered) {}

  /** One reader of a file, or of a part of it; each of its clones is another. */
  private static final class Opened extends BufferedIndexInput {
    private final Sealed sealed;
    private final long begin;
    private final long length;
    private IndexInput raw;
    private Cipher cipher = cipher();
    private boolean owner;

    /**
     * @param begin where in the file it begins
     * @param owner whether the file is closed with it
     */
    private Opened(
        String name, IndexInput raw, Sealed sealed, long begin, long length, boolean owner) {
      super(name, READ_AT_ONCE);
      this.raw = raw;
      this.sealed = sealed;
      this.begin = begin;
      this.length = length;
      this.owner = owner;
    }

    @Override
    protected void readInternal(ByteBuffer target) throws IOException {
      target.put(deciphered(target.remaining()));
    }

    /** Vectors lie anywhere: of what is beside one, a buffer would be deciphered for nothing. */
    @Override
    public void readFloats(float[] into, int at, int count) throws IOException {
      int bytes = count * Float.BYTES;
      Place place = new Place(sealed.start(), begin + getFilePointer());
      float[] vector = sealed.remembered().getIfPresent(place);
      if (vector == null || vector.length != count) {
        vector = new float[count];
        deciphered(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        sealed.remembered().put(place, vector);
      }
      System.arraycopy(vector, 0, into, at, count);
      seek(getFilePointer() + bytes);
    }

    /** What is read next, and of its first block what is before it. */
    private ByteBuffer deciphered(int wanted) throws IOException {
      if (getFilePointer() + wanted > length) {
        throw new EOFException("read past the end of " + this);
      }
      long from = begin + getFilePointer();
      int before = (int) (from % BLOCK);
      byte[] bytes = new byte[before + wanted];
      raw.seek(BLOCK + from - before);
      raw.readBytes(bytes, 0, bytes.length);
      try {
        place(cipher, Cipher.DECRYPT_MODE, sealed.key(), sealed.start(), from / BLOCK);
        cipher.doFinal(bytes, 0, bytes.length, bytes);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a stream of any length is deciphered", e);
      }
      return ByteBuffer.wrap(bytes, before, wanted);
    }

    @Override
    protected void seekInternal(long position) {}

    @Override
    public long length() {
      return length;
    }

    @Override
    public Opened slice(String name, long from, long size) {
      Objects.checkFromIndexSize(from, size, length);
      return new Opened(
          getFullSliceDescription(name), raw.clone(), sealed, begin + from, size, false);
    }

    @Override
    public Opened clone() {
      Opened other = (Opened) super.clone();
      other.raw = raw.clone();
      other.cipher = cipher();
      other.owner = false;
      return other;
    }

    @Override
    public void close() throws IOException {
      if (owner) {
        raw.close();
      }
    }
  }
}
