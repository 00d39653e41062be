package io.tierwise.gateway.semantic;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.CipherOutputStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.OutputStreamIndexOutput;
import org.apache.lucene.store.RandomAccessInput;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose files only a key reads: AES in counter mode (NIST SP 800-38A), which decrypts
 * from anywhere in a file, as an index needs it. A file begins with a random first counter, half of
 * which is the file's own and half of which counts its blocks from zero. It hides; that nothing was
 * changed it does not show, for what an index finds counts only with its row of the store, and that
 * one does.
 *
 * <p>What a search reads it reads again and again: pages read last are held in the clear, in
 * memory. A file is written once, so they stay true.
 */
final class SealedDirectory extends FilterDirectory {
  private static final int BLOCK = 16;
  private static final int OWN = 8;
  private static final int BUFFER = 8192;

  /** Pages that are read one after another before they are no longer held. */
  private static final int LONG_RUN = 1024;

  private static final byte[] NOTHING = {};
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final SecretKey key;
  private final SecureRandom random;
  private final ClearPages clear;

  /**
   * @param clear holds what was read last
   */
  SealedDirectory(Directory in, SecretKey key, SecureRandom random, ClearPages clear) {
    super(in);
    this.key = key;
    this.random = random;
    this.clear = clear;
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
      Sealed sealed = new Sealed(raw, start);
      return new Opened("sealed " + name, sealed, 0, sealed.length, true);
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
  private final class Sealed {
    private final IndexInput raw;
    private final byte[] start;
    private final long length;
    private final ClearPages.Of pages;

    /**
     * @param raw only its clones are read, each by one reader
     */
    Sealed(IndexInput raw, byte[] start) {
      this.raw = raw;
      this.start = start;
      this.length = raw.length() - BLOCK;
      this.pages = new ClearPages.Of(length);
    }

    void close() throws IOException {
      clear.close(pages);
      raw.close();
    }
  }

  /** One reader of a file, or of a part of it; each of its clones is another. */
  private final class Opened extends IndexInput implements RandomAccessInput {
    private final Sealed sealed;
    private final long begin;
    private final long end;
    private final boolean owner;
    private long next;
    private byte[] page = NOTHING;
    private long pageBegin;
    private int inLine;
    private @Nullable IndexInput raw;
    private @Nullable Cipher cipher;

    /**
     * @param begin where in the file it begins
     * @param owner whether the file is closed with it
     */
    private Opened(String name, Sealed sealed, long begin, long length, boolean owner) {
      super(name);
      this.sealed = sealed;
      this.begin = begin;
      this.end = begin + length;
      this.owner = owner;
      this.next = begin;
    }

    /** Where in the page lies what is read next; the page has all of it, or else -1. */
    private int place(int bytes) throws IOException {
      if (next + bytes > end) {
        throw new EOFException("read past the end of " + this);
      }
      if (next < pageBegin || next >= pageBegin + page.length) {
        turn((int) (next / ClearPages.SIZE));
      }
      int place = (int) (next - pageBegin);
      return place + bytes <= page.length ? place : -1;
    }

    private void turn(int number) throws IOException {
      byte[] held = sealed.pages.get(number);
      if (held == null) {
        held = deciphered(number);
        inLine = pageBegin + page.length == (long) number * ClearPages.SIZE ? inLine + 1 : 0;
        // Who reads a file from end to end, to merge it, would leave no room for others.
        if (inLine <= LONG_RUN) {
          clear.hold(sealed.pages, number, held);
        }
      }
      page = held;
      pageBegin = (long) number * ClearPages.SIZE;
    }

    private byte[] deciphered(int number) throws IOException {
      if (raw == null || cipher == null) {
        raw = sealed.raw.clone();
        cipher = cipher();
      }
      long from = (long) number * ClearPages.SIZE;
      byte[] bytes = new byte[(int) Math.min(ClearPages.SIZE, sealed.length - from)];
      raw.seek(BLOCK + from);
      raw.readBytes(bytes, 0, bytes.length);
      try {
        SealedDirectory.place(cipher, Cipher.DECRYPT_MODE, key, sealed.start, from / BLOCK);
        cipher.doFinal(bytes, 0, bytes.length, bytes);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a stream of any length is deciphered", e);
      }
      return bytes;
    }

    @Override
    public byte readByte() throws IOException {
      int place = place(1);
      next++;
      return page[place];
    }

    @Override
    public short readShort() throws IOException {
      int place = place(Short.BYTES);
      if (place < 0) {
        return super.readShort();
      }
      next += Short.BYTES;
      return (short) SHORT.get(page, place);
    }

    @Override
    public int readInt() throws IOException {
      int place = place(Integer.BYTES);
      if (place < 0) {
        return super.readInt();
      }
      next += Integer.BYTES;
      return (int) INT.get(page, place);
    }

    @Override
    public long readLong() throws IOException {
      int place = place(Long.BYTES);
      if (place < 0) {
        return super.readLong();
      }
      next += Long.BYTES;
      return (long) LONG.get(page, place);
    }

    @Override
    public void readBytes(byte[] into, int at, int count) throws IOException {
      if (next + count > end) {
        throw new EOFException("read past the end of " + this);
      }
      for (int done = 0; done < count; ) {
        int place = place(1);
        int part = Math.min(count - done, page.length - place);
        System.arraycopy(page, place, into, at + done, part);
        next += part;
        done += part;
      }
    }

    @Override
    public void readFloats(float[] into, int at, int count) throws IOException {
      for (int done = 0; done < count; ) {
        int place = place(Float.BYTES);
        if (place < 0) {
          into[at + done] = Float.intBitsToFloat(super.readInt());
          done++;
        } else {
          int bytes = (int) Math.min(page.length - place, end - next);
          int part = Math.min(count - done, bytes / Float.BYTES);
          ByteBuffer.wrap(page, place, part * Float.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer()
              .get(into, at + done, part);
          next += (long) part * Float.BYTES;
          done += part;
        }
      }
    }

    @Override
    public byte readByte(long position) throws IOException {
      seek(position);
      return readByte();
    }

    @Override
    public short readShort(long position) throws IOException {
      seek(position);
      return readShort();
    }

    @Override
    public int readInt(long position) throws IOException {
      seek(position);
      return readInt();
    }

    @Override
    public long readLong(long position) throws IOException {
      seek(position);
      return readLong();
    }

    @Override
    public void seek(long position) {
      next = begin + position;
    }

    @Override
    public long getFilePointer() {
      return next - begin;
    }

    @Override
    public long length() {
      return end - begin;
    }

    @Override
    public Opened slice(String name, long from, long size) {
      Objects.checkFromIndexSize(from, size, length());
      return new Opened(getFullSliceDescription(name), sealed, begin + from, size, false);
    }

    @Override
    public Opened clone() {
      Opened other = new Opened(toString(), sealed, begin, length(), false);
      other.next = next;
      other.page = page;
      other.pageBegin = pageBegin;
      return other;
    }

    @Override
    public void close() throws IOException {
      if (owner) {
        sealed.close();
      }
    }
  }
}
