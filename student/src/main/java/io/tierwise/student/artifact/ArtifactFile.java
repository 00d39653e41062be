package io.tierwise.student.artifact;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.regex.Pattern;

/**
 * One file of an artifact, as its manifest describes it.
 *
 * @param name inside the artifact's directory, without any path
 * @param sha256 64 lower-case hex digits
 */
public record ArtifactFile(String name, long bytes, String sha256) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public ArtifactFile {
    Requirement.identifier("name", name);
    Requirement.notNegative("bytes", bytes);
    if (!SHA256.matcher(sha256).matches()) {
      throw new InvalidValueException(
          "sha256", "it is no SHA-256", "give 64 lower-case hexadecimal digits");
    }
  }
}
