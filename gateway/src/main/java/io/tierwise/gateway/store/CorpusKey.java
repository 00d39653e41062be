package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that seals the corpus: 32 random bytes in a file of its own, readable by its owner alone,
 * so that a copy of the database gives no text away. AES-256-GCM with a random 96-bit nonce for
 * every row.
 */
final class CorpusKey {
  static final String FILE = "corpus.key";

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final SecretKeySpec key;
  private final SecureRandom random;

  private CorpusKey(Path file, byte[] key, SecureRandom random) {
    this.file = file;
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  /** A text that only this key opens. */
  @SuppressWarnings("ArrayRecordComponent") // on its way to or from two columns, never compared
  record Sealed(byte[] nonce, byte[] bytes) {}

  /**
   * @throws StoreException when there is no such file, or it is no key
   */
  static CorpusKey read(Path file, SecureRandom random) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length != KEY_BYTES) {
        throw wrong(file, "it holds " + bytes.length + " bytes, and a key has " + KEY_BYTES);
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (!OWNER_ONLY.containsAll(permissions)) {
        throw new StoreException(
            StoreException.Trouble.WRONG_KEY,
            file,
            "others than its owner may use it (" + PosixFilePermissions.toString(permissions) + ")",
            "run: chmod 600 " + file);
      }
      return new CorpusKey(file, bytes, random);
    } catch (NoSuchFileException e) {
      throw wrong(file, "it is missing, and the corpus was written with it");
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }

  /** Reads the key, or makes one where there is none; of two processes that do, one's is kept. */
  static CorpusKey readOrCreate(Path file, SecureRandom random) {
    if (!Files.exists(file)) {
      create(file, random);
    }
    return read(file, random);
  }

  private static void create(Path file, SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    try {
      FileAttribute<Set<PosixFilePermission>> ownerOnly =
          PosixFilePermissions.asFileAttribute(OWNER_ONLY);
      Path parent = file.toAbsolutePath().getParent();
      Path fresh = Files.createTempFile(parent, FILE, ".new", ownerOnly);
      try {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.wrap(bytes));
          channel.force(true);
        }
        // A link appears whole or not at all, and never in place of another process's key.
        Files.createLink(file, fresh);
      } finally {
        Files.delete(fresh);
      }
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }

  /** Tells keys apart without giving the key away. */
  byte[] fingerprint() {
    return authenticated("tierwise corpus key");
  }

  /** A key of its own for something else, which gives this one not away either. */
  SecretKey derived(String purpose) {
    return new SecretKeySpec(authenticated("tierwise " + purpose), "AES");
  }

  private byte[] authenticated(String words) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(words.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** Seals a text; {@code context} is not hidden, and opening it under another one fails. */
  Sealed seal(byte[] plain, byte[] context) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      return new Sealed(nonce, cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plain));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * @throws StoreException when it was sealed with another key or context, or was changed since
   */
  byte[] open(Sealed sealed, byte[] context) {
    try {
      return cipher(Cipher.DECRYPT_MODE, sealed.nonce(), context).doFinal(sealed.bytes());
    } catch (AEADBadTagException e) {
      throw wrong(file, "it does not open a row of the corpus, or the row was changed");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context);
    return cipher;
  }

  boolean fits(byte[] fingerprint) {
    return Arrays.equals(fingerprint, fingerprint());
  }

  StoreException misfit() {
    return wrong(file, "it is not the key that the corpus was written with");
  }

  private static StoreException wrong(Path file, String detail) {
    return new StoreException(
        StoreException.Trouble.WRONG_KEY,
        file,
        detail,
        "put that key back; without it the corpus cannot be read");
  }
}
