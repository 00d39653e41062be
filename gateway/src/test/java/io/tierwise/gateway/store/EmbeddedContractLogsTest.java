package io.tierwise.gateway.store;

import io.tierwise.gateway.testing.ContractLogsContract;
import io.tierwise.gateway.testing.MutableClock;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedContractLogsTest extends ContractLogsContract {
  @TempDir private Path directory;
  private Database database;

  @Override
  protected Ports open(MutableClock clock) {
    database = Database.open(directory);
    AuditStore audits = new AuditStore(database, clock);
    return new Ports(
        new GateTable(database),
        new CertificateTable(database),
        new TestTable(database, clock),
        audits,
        audits,
        new MemoryAuditClaims(audits, clock),
        new WatchTable(database));
  }

  @AfterEach
  void close() {
    database.close();
  }
}
