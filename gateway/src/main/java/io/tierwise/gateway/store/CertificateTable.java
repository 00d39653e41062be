package io.tierwise.gateway.store;

import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Over;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The certificates of the embedded store, which survive the loss of power. */
final class CertificateTable implements CertificateLog {
  private final Database database;

  CertificateTable(Database database) {
    this.database = database;
  }

  @Override
  public void add(KeptCertificate kept) {
    Certificate certificate = kept.certificate();
    database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection,
                "INSERT INTO certificate (id, task, artifact, epsilon, delta, test_index,"
                    + " delta_spent, samples, losses, p_value, coverage, thresholds, at, over)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (id) DO NOTHING",
                kept.id(),
                kept.task(),
                kept.artifact(),
                certificate.contract().epsilon(),
                certificate.contract().delta(),
                certificate.testIndex(),
                certificate.deltaSpent(),
                certificate.samples(),
                certificate.losses(),
                certificate.pValue(),
                certificate.coverage(),
                StoredJson.thresholds(certificate.thresholds()),
                kept.at().toEpochMilli(),
                certificate.contract().over().name()));
  }

  @Override
  public List<KeptCertificate> of(String task) {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT id, task, artifact, epsilon, delta, test_index, delta_spent, samples, losses,"
                + " p_value, coverage, thresholds, at, over FROM certificate WHERE task = ?"
                + " ORDER BY sequence",
            CertificateTable::kept,
            task));
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
}
