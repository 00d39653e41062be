package io.tierwise.gateway.store;

import io.tierwise.router.contract.Certification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Every tenant's own certificates, where a contract is to hold for each by itself. */
public final class SliceStore {
  private final Database database;
  private final GateStore gates;
  private final Clock clock;

  public SliceStore(Database database, GateStore gates, Clock clock) {
    this.database = database;
    this.gates = gates;
    this.clock = clock;
  }

  /** Keeps how a tenant's certification for an artifact ended, in the place of an earlier one. */
  public void keep(String task, String artifact, String tenant, Certification ended) {
    Instant now = clock.instant();
    Slice slice =
        switch (ended) {
          case Certification.Certified certified ->
              new Slice(
                  task,
                  artifact,
                  tenant,
                  // An artifact as one tenant meets it, so that the whole's newest stays its own.
                  gates.keep(task, artifact + "@" + tenant, certified.certificate()),
                  certified.certificate().samples(),
                  certified
                      .certificate()
                      .contract()
                      .fewestSamples(certified.certificate().testIndex()),
                  "",
                  now);
          case Certification.Withheld withheld ->
              new Slice(
                  task,
                  artifact,
                  tenant,
                  null,
                  withheld.samples(),
                  withheld.needed(),
                  withheld.reason(),
                  now);
        };
    database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection,
                "INSERT OR REPLACE INTO slice (task, artifact, tenant, certificate, samples, needed,"
                    + " reason, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                slice.task(),
                slice.artifact(),
                slice.tenant(),
                slice.certificate(),
                slice.samples(),
                slice.needed(),
                slice.reason(),
                now.toEpochMilli()));
  }

  /** All tenants' of an artifact, by tenant. */
  public List<Slice> of(String task, String artifact) {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT task, artifact, tenant, certificate, samples, needed, reason, at FROM slice"
                + " WHERE task = ? AND artifact = ? ORDER BY tenant",
            SliceStore::slice,
            task,
            artifact));
  }

  private static Slice slice(ResultSet result) throws SQLException {
    return new Slice(
        result.getString(1),
        result.getString(2),
        result.getString(3),
        result.getString(4),
        result.getInt(5),
        result.getInt(6),
        result.getString(7),
        Instant.ofEpochMilli(result.getLong(8)));
  }
}
