package io.tierwise.aws.dynamo;

import io.tierwise.gateway.testing.ContractLogsContract;
import io.tierwise.gateway.testing.MutableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DynamoContractLogsTest extends ContractLogsContract {
  private static LocalDynamo dynamo;

  @BeforeAll
  static void start() throws Exception {
    dynamo = new LocalDynamo();
  }

  @AfterAll
  static void stop() {
    if (dynamo != null) {
      dynamo.close();
    }
  }

  @Override
  protected Ports open(MutableClock clock) {
    String table = dynamo.contractTable();
    DynamoGates gates = new DynamoGates(dynamo.client(), table);
    DynamoAudits audits = new DynamoAudits(dynamo.client(), table, clock);
    return new Ports(
        gates, gates, gates, audits, audits, audits, new DynamoWatches(dynamo.client(), table));
  }
}
