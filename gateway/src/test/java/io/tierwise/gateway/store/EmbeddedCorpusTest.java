package io.tierwise.gateway.store;

import io.tierwise.gateway.testing.CorpusContract;
import io.tierwise.gateway.testing.MutableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedCorpusTest extends CorpusContract {
  @TempDir private Path directory;
  private Database database;

  @Override
  protected Corpus open(MutableClock clock) {
    database = Database.open(directory);
    return CorpusStore.open(database, clock, CorpusStore.keyFile(directory), new SecureRandom());
  }

  @AfterEach
  void close() {
    database.close();
  }
}
