package io.tierwise.student.artifact;

import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Whose artifacts are taken: anyone's, or only those that the holder of one of some keys has
 * signed. Signatures are Ed25519 (RFC 8032), over all that decides how an artifact answers; the
 * manifest's measurements and its lineage are not among it.
 *
 * @param keys none for anyone
 */
public record Trust(List<PublicKey> keys) {
  public static final Trust ANYONE = new Trust(List.of());

  public Trust {
    keys = List.copyOf(keys);
  }

  /**
   * @param texts public keys as {@link SigningKey#publicText} gives them
   * @throws InvalidValueException names the one that is none
   */
  public static Trust of(List<String> texts) {
    List<PublicKey> keys = new ArrayList<>();
    for (String text : texts) {
      keys.add(key(text));
    }
    return new Trust(keys);
  }

  private static PublicKey key(String text) {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new InvalidValueException(
          "trustedKeys",
          "'" + text + "' is no public key",
          "copy what 'tierwise registry key' printed");
    }
  }

  /**
   * @throws InvalidValueException where no trusted key has signed the artifact
   */
  public void require(Artifact artifact) throws IOException {
    if (keys.isEmpty()) {
      return;
    }
    Path file = artifact.directory().resolve(ArtifactFiles.SIGNATURE);
    byte[] signature = signature(file);
    byte[] signed = ArtifactFiles.signed(artifact.manifest());
    for (PublicKey key : keys) {
      if (verifies(key, signed, signature)) {
        return;
      }
    }
    throw refused(file, "it is of none of the trusted keys, or of another artifact");
  }

  private static byte[] signature(Path file) throws IOException {
    try {
      return Base64.getDecoder().decode(Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      throw refused(file, "there is none, and only signed artifacts are taken");
    } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
      throw refused(file, "it is no signature");
    }
  }

  private static boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // Of another length than signatures have.
      return false;
    }
  }

  private static InvalidValueException refused(Path file, String trouble) {
    return new InvalidValueException(
        file.toString(),
        trouble,
        "sign it with 'tierwise registry sign' and a trusted key, and publish it again");
  }
}
