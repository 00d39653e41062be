package io.tierwise.aws.lambda;

import io.tierwise.aws.dynamo.DynamoAnswers;
import io.tierwise.aws.dynamo.DynamoBudgets;
import io.tierwise.aws.dynamo.DynamoKeys;
import io.tierwise.gateway.store.Answers;
import io.tierwise.gateway.store.Keys;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Limit;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        .map(table -> new DynamoAnswers(Clients.dynamo(environment), table, clock))
        .orElse(null);
  }

  @Nullable Budgets budgets(List<Limit> limits) {
    return environment
        .get(Environment.BUDGETS_TABLE)
        .map(table -> new DynamoBudgets(Clients.dynamo(environment), table, limits))
        .orElse(null);
  }
}
