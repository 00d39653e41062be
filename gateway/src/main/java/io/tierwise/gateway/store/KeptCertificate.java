package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Over;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/**
 * A certificate with what it certifies.
 *
 * @param id the same whenever the same evidence is for the same artifact
 */
public record KeptCertificate(
    String id, String task, String artifact, Certificate certificate, Instant at) {
  private static final int ID_BYTES = 8;

  static KeptCertificate of(String task, String artifact, Certificate certificate, Instant at) {
    return new KeptCertificate(id(task, artifact, certificate), task, artifact, certificate, at);
  }

  /** What a store outside keeps, field by field. */
  public Map<String, String> fields() {
    return Map.ofEntries(
        Map.entry("certificate", id),
        Map.entry("artifact", artifact),
        Map.entry("epsilon", Double.toString(certificate.contract().epsilon())),
        Map.entry("delta", Double.toString(certificate.contract().delta())),
        Map.entry("over", certificate.contract().over().name()),
        Map.entry("testIndex", Integer.toString(certificate.testIndex())),
        Map.entry("deltaSpent", Double.toString(certificate.deltaSpent())),
        Map.entry("samples", Integer.toString(certificate.samples())),
        Map.entry("losses", Integer.toString(certificate.losses())),
        Map.entry("pValue", Double.toString(certificate.pValue())),
        Map.entry("coverage", Double.toString(certificate.coverage())),
        Map.entry("thresholds", StoredJson.thresholds(certificate.thresholds())),
        Map.entry("at", at.toString()));
  }

  /** What such {@link #fields} say. */
  public static KeptCertificate of(String task, Map<String, String> fields) {
    StoredFields all = new StoredFields("certificate", fields);
    return new KeptCertificate(
        all.text("certificate"),
        task,
        all.text("artifact"),
        new Certificate(
            new Contract(all.real("epsilon"), all.real("delta"), over(all)),
            all.whole("testIndex"),
            all.real("deltaSpent"),
            all.whole("samples"),
            all.whole("losses"),
            all.real("pValue"),
            all.real("coverage"),
            StoredJson.thresholds(all.text("thresholds"))),
        all.moment("at"));
  }

  /** Certificates of an earlier release do not say. */
  private static Over over(StoredFields all) {
    String over = all.orNull("over");
    return over == null ? Over.ALL : Over.valueOf(over);
  }

  private static String id(String task, String artifact, Certificate certificate) {
    String content =
        String.join(
            "\n",
            task,
            artifact,
            certificate.contract().toString(),
            Integer.toString(certificate.testIndex()),
            Double.toString(certificate.deltaSpent()),
            Integer.toString(certificate.samples()),
            Integer.toString(certificate.losses()),
            Double.toString(certificate.pValue()),
            Double.toString(certificate.coverage()),
            StoredJson.thresholds(certificate.thresholds()));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return "cert-" + HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
