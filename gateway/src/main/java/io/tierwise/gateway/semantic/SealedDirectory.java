package io.tierwise.gateway.semantic;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
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
 */
final class SealedDirectory extends FilterDirectory {
  private static final int BLOCK = 16;
  private static final int OWN = 8;
  private static final int BUFFER = 8192;

  /** A vector of the sentence encoder, in one piece. */
  private static final int READ_AT_ONCE = 2048;

  private final SecretKey key;
  private final SecureRandom random;

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
      return new Opened("sealed " + name, raw, key, start);
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

  /** One reader of a file; each of its clones is another. */
  private static final class Opened extends BufferedIndexInput {
    private final SecretKey key;
    private final byte[] start;
    private IndexInput raw;
    private Cipher cipher = cipher();
    private boolean clone;

    Opened(String name, IndexInput raw, SecretKey key, byte[] start) {
      super(name, READ_AT_ONCE);
      this.raw = raw;
      this.key = key;
      this.start = start;
    }

    @Override
    protected void readInternal(ByteBuffer target) throws IOException {
      long from = getFilePointer();
      int wanted = target.remaining();
      if (from + wanted > length()) {
        throw new EOFException("read past the end of " + this);
      }
      int before = (int) (from % BLOCK);
      byte[] bytes = new byte[before + wanted];
      raw.seek(BLOCK + from - before);
      raw.readBytes(bytes, 0, bytes.length);
      try {
        place(cipher, Cipher.DECRYPT_MODE, key, start, from / BLOCK);
        byte[] plain = cipher.doFinal(bytes);
        target.put(plain, before, wanted);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a stream of any length is deciphered", e);
      }
    }

    @Override
    protected void seekInternal(long position) {}

    @Override
    public long length() {
      return raw.length() - BLOCK;
    }

    @Override
    public Opened clone() {
      Opened other = (Opened) super.clone();
      other.raw = raw.clone();
      other.cipher = cipher();
      other.clone = true;
      return other;
    }

    @Override
    public void close() throws IOException {
      if (!clone) {
        raw.close();
      }
    }
  }
}
