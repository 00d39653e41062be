package io.tierwise.cli;

import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Manifest;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** A manifest as rows for people: a name and a value, in the order they are looked for. */
final class ManifestRows {
  private static final int HASH_DIGITS = 12;
  private static final int DIGITS = 6;

  private ManifestRows() {}

  static SequencedMap<String, String> of(Manifest manifest) {
    SequencedMap<String, String> rows = new LinkedHashMap<>();
    Lineage lineage = manifest.lineage();
    rows.put("made", time(manifest.createdAt()));
    rows.put("job", lineage.job());
    lineage.parameters().forEach((name, value) -> rows.put("job." + name, value));
    rows.put("parents", String.join(", ", lineage.parents()));
    rows.put("data", shortened(lineage.dataSha256()));
    rows.put("seed", Long.toString(lineage.seed()));
    rows.put("code", lineage.codeVersion());
    rows.put("shape", manifest.shape().text());
    rows.put("featurizer", manifest.featurizer());
    rows.put("labels", Integer.toString(manifest.labels().size()));
    rows.put("bytes", Long.toString(bytes(manifest)));
    for (ArtifactFile file : manifest.files()) {
      rows.put("file." + file.name(), file.bytes() + " bytes, sha256 " + shortened(file.sha256()));
    }
    rows.put("calibration", calibration(manifest.calibration()));
    manifest.metrics().forEach((name, value) -> rows.put("metric." + name, number(value)));
    rows.put("hardware", manifest.hardware());
    return rows;
  }

  static long bytes(Manifest manifest) {
    return manifest.files().stream().mapToLong(ArtifactFile::bytes).sum();
  }

  /** To six digits, without zeros at the end. */
  static String number(double value) {
    BigDecimal rounded =
        value == Math.rint(value)
            ? BigDecimal.valueOf(value)
            : BigDecimal.valueOf(value).round(new MathContext(DIGITS));
    return rounded.stripTrailingZeros().toPlainString();
  }

  /** To the second. */
  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String calibration(Calibration calibration) {
    return switch (calibration) {
      case Calibration.Temperature scaling -> "temperature " + number(scaling.temperature());
      case Calibration.Isotonic isotonic -> "isotonic with " + isotonic.scores().size() + " points";
    };
  }

  private static String shortened(String hash) {
    return hash.substring(0, Math.min(HASH_DIGITS, hash.length()));
  }
}
