package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.request.Label;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedbackStoreTest {
  private static final Label OTHER = new Label("other");

  @TempDir private Path directory;

  @Test
  void keepsTheLastWordOnEachRequestOfEachTenant() {
    try (Database database = Database.open(directory)) {
      FeedbackStore feedback = new FeedbackStore(database, StoreFixture.clock());
      feedback.keep(StoreFixture.ACME, "r2", OTHER);
      feedback.keep(StoreFixture.ACME, "r1", OTHER);
      feedback.keep(StoreFixture.GLOBEX, "r1", OTHER);
      new FeedbackStore(database, StoreFixture.at(Duration.ofMinutes(1)))
          .keep(StoreFixture.ACME, "r1", StoreFixture.REFUND);
    }
    try (Database database = Database.open(directory)) {
      assertEquals(
          List.of(
              new FeedbackRow(
                  StoreFixture.ACME,
                  "r1",
                  StoreFixture.REFUND,
                  StoreFixture.at(Duration.ofMinutes(1)).instant()),
              new FeedbackRow(StoreFixture.GLOBEX, "r1", OTHER, StoreFixture.NOW),
              new FeedbackRow(StoreFixture.ACME, "r2", OTHER, StoreFixture.NOW)),
          new FeedbackStore(database, StoreFixture.clock()).rows());
    }
  }
}
