package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Over;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** The rows of the table {@code certificate}. */
final class Certificates {
  private static final String SELECT =
      "SELECT id, task, artifact, epsilon, delta, test_index, delta_spent, samples, losses,"
          + " p_value, coverage, thresholds, at, over FROM certificate ";
  private static final int ID_BYTES = 8;

  private Certificates() {}

  static String insert(
      Connection connection, String task, String artifact, Certificate certificate, long at)
      throws SQLException {
    String thresholds = StoredJson.thresholds(certificate.thresholds());
    String id = id(task, artifact, certificate, thresholds);
    Statements.update(
        connection,
        "INSERT INTO certificate (id, task, artifact, epsilon, delta, test_index, delta_spent,"
            + " samples, losses, p_value, coverage, thresholds, at, over)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        id,
        task,
        artifact,
        certificate.contract().epsilon(),
        certificate.contract().delta(),
        certificate.testIndex(),
        certificate.deltaSpent(),
        certificate.samples(),
        certificate.losses(),
        certificate.pValue(),
        certificate.coverage(),
        thresholds,
        at,
        certificate.contract().over().name());
    return id;
  }

  static Optional<KeptCertificate> byId(Connection connection, String id) throws SQLException {
    return Statements.first(connection, SELECT + "WHERE id = ?", Certificates::kept, id);
  }

  static Optional<KeptCertificate> latest(Connection connection, String task, String artifact)
      throws SQLException {
    return Statements.first(
        connection,
        SELECT + "WHERE task = ? AND artifact = ? ORDER BY sequence DESC LIMIT 1",
        Certificates::kept,
        task,
        artifact);
  }

  /** The newest of the task, whichever artifact it is for. */
  static Optional<KeptCertificate> latest(Connection connection, String task) throws SQLException {
    return Statements.first(
        connection,
        SELECT + "WHERE task = ? ORDER BY sequence DESC LIMIT 1",
        Certificates::kept,
        task);
  }

  private static KeptCertificate kept(ResultSet result) throws SQLException {
    return new KeptCertificate(
        result.getString(1),
        result.getString(2),
        result.getString(3),
        new Certificate(
            new Contract(
                result.getDouble(4), result.getDouble(5), Over.valueOf(result.getString(14))),
            result.getInt(6),
            result.getDouble(7),
            result.getInt(8),
            result.getInt(9),
            result.getDouble(10),
            result.getDouble(11),
            StoredJson.thresholds(result.getString(12))),
        Instant.ofEpochMilli(result.getLong(13)));
  }

  private static String id(
      String task, String artifact, Certificate certificate, String thresholds) {
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
            thresholds);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return "cert-" + HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
