package io.tierwise.aws.lambda;

import io.tierwise.aws.dynamo.DynamoAnswers;
import io.tierwise.aws.dynamo.DynamoAudits;
import io.tierwise.aws.dynamo.DynamoBudgets;
import io.tierwise.aws.dynamo.DynamoFeedback;
import io.tierwise.aws.dynamo.DynamoGates;
import io.tierwise.aws.dynamo.DynamoKeys;
import io.tierwise.aws.dynamo.DynamoWatches;
import io.tierwise.gateway.store.Answers;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.store.Feedback;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.Keys;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Limit;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The tables that an environment names; null for those it does not. */
record Tables(Environment environment, Clock clock) {
  @Nullable Keys keys() {
    return environment
        .get(Environment.KEYS_TABLE)
        .map(table -> new DynamoKeys(Clients.dynamo(environment), table, clock, new SecureRandom()))
        .orElse(null);
  }

  @Nullable Answers answers() {
    return environment
        .get(Environment.ANSWERS_TABLE)
        .map(table -> new DynamoAnswers(Clients.cache(environment), table, clock))
        .orElse(null);
  }

  @Nullable ContractStores contracts() {
    return environment.get(Environment.CONTRACTS_TABLE).map(this::contracts).orElse(null);
  }

  private ContractStores contracts(String table) {
    DynamoDbClient client = Clients.dynamo(environment);
    DynamoGates log = new DynamoGates(client, table);
    GateStore gates = new GateStore(log, log, log, clock);
    DynamoAudits audits = new DynamoAudits(client, table, clock);
    DynamoWatches watches = new DynamoWatches(client, table);
    return new ContractStores(
        gates, audits, audits, audits, new WatchStore(watches, audits, gates));
  }

  @Nullable Feedback feedback() {
    return environment
        .get(Environment.FEEDBACK_TABLE)
        .map(table -> new DynamoFeedback(Clients.dynamo(environment), table, clock))
        .orElse(null);
  }

  @Nullable Budgets budgets(List<Limit> limits) {
    return environment
        .get(Environment.BUDGETS_TABLE)
        .map(table -> new DynamoBudgets(Clients.dynamo(environment), table, limits))
        .orElse(null);
  }
}
