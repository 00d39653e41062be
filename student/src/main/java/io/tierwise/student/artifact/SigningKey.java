package io.tierwise.student.artifact;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** The secret half of a key pair that artifacts are signed with; {@link Trust} holds the other. */
public final class SigningKey {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----\n";
  private static final String END = "\n-----END PRIVATE KEY-----\n";

  private final PrivateKey secret;

  private SigningKey(PrivateKey secret) {
    this.secret = secret;
  }

  /**
   * Makes a pair and writes its secret half, as PKCS #8 in PEM, to a file that its owner alone may
   * read.
   *
   * @return the public half, to be trusted: the Base64 of its X.509 form
   * @throws FileAlreadyExistsException where the file is there already
   */
  public static String make(Path file) throws IOException {
    KeyPair pair;
    try {
      pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java since 15 has Ed25519", e);
    }
    String text = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, BEGIN + text + END);
    return publicText(pair);
  }

  private static String publicText(KeyPair pair) {
    return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  /**
   * @throws InvalidValueException where it is no such file
   */
  public static SigningKey read(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      String body = text.replaceAll("-----[A-Z ]{1,40}-----", "").replaceAll("\\s", "");
      return new SigningKey(
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body))));
    } catch (java.nio.charset.CharacterCodingException
        | IllegalArgumentException
        | GeneralSecurityException e) {
      throw new InvalidValueException(
          file.toString(), "it is no Ed25519 key", "make one with 'tierwise registry key'");
    } catch (java.nio.file.NoSuchFileException e) {
      throw new InvalidValueException(
          file.toString(), "there is no such file", "make one with 'tierwise registry key'");
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** Signs an artifact that is not in a registry yet; a signature that it has is replaced. */
  public void sign(Artifact artifact) throws IOException {
    byte[] signature;
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(secret);
      signer.update(ArtifactFiles.signed(artifact.manifest()));
      signature = signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IOException("the artifact cannot be signed", e);
    }
    DurableFiles.replace(
        artifact.directory().resolve(ArtifactFiles.SIGNATURE),
        (Base64.getEncoder().encodeToString(signature) + "\n").getBytes(StandardCharsets.US_ASCII));
  }
}
