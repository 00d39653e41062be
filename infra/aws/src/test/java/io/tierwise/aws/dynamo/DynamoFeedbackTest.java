package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.Feedback;
import io.tierwise.gateway.testing.FeedbackContract;
import io.tierwise.gateway.testing.MutableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DynamoFeedbackTest extends FeedbackContract {
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
  protected Feedback open(MutableClock clock) {
    return new DynamoFeedback(dynamo.client(), dynamo.table(), clock);
  }
}
