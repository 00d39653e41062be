package io.tierwise.gateway.store;

import io.tierwise.gateway.testing.FeedbackContract;
import io.tierwise.gateway.testing.MutableClock;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedFeedbackTest extends FeedbackContract {
  @TempDir private Path directory;
  private Database database;

  @Override
  protected Feedback open(MutableClock clock) {
    database = Database.open(directory);
    return new FeedbackStore(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }
}
