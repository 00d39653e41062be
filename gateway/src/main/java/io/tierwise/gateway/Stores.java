package io.tierwise.gateway;

import io.tierwise.gateway.store.AnswerStore;
import io.tierwise.gateway.store.Answers;
import io.tierwise.gateway.store.AuditSpool;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.BudgetStore;
import io.tierwise.gateway.store.CacheErasures;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.FeedbackStore;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.store.Keys;
import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.gateway.store.SemanticStore;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.gateway.store.WatchStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/** Everything that is stored: embedded, but for what stands outside. */
record Stores(
    Database database,
    Database spending,
    Keys keys,
    GateStore gates,
    Answers answers,
    SemanticStore semantic,
    CacheErasures erasures,
    CorpusStore corpus,
    AuditStore audits,
    AuditSpool spool,
    WatchStore watches,
    SliceStore slices,
    ReviewStore reviews,
    FeedbackStore feedback,
    BudgetStore budgets)
    implements AutoCloseable {
  /**
   * @param budgetData where spending is counted; the same as data, or another directory
   */
  static Stores open(
      Path data, Path budgetData, Clock clock, SecureRandom random, Services services) {
    Database database = Database.open(data);
    Database spending = null;
    try {
      spending = budgetData.equals(data) ? database : Database.open(budgetData);
      GateStore gates = new GateStore(database, clock);
      CorpusStore corpus = CorpusStore.open(database, clock, CorpusStore.keyFile(data), random);
      return new Stores(
          database,
          spending,
          services.keys() != null ? services.keys() : new KeyStore(database, clock, random),
          gates,
          services.answers() != null ? services.answers() : new AnswerStore(database, clock),
          new SemanticStore(database, clock, corpus),
          new CacheErasures(database, clock),
          corpus,
          new AuditStore(database, clock),
          new AuditSpool(database, clock, corpus),
          new WatchStore(database, gates, clock),
          new SliceStore(database, gates, clock),
          new ReviewStore(database, clock, corpus),
          new FeedbackStore(database, clock),
          new BudgetStore(spending));
    } catch (RuntimeException e) {
      if (spending != null && spending != database) {
        spending.close();
      }
      database.close();
      throw e;
    }
  }

  @Override
  public void close() {
    Closing closing = new Closing();
    if (spending != database) {
      closing.then(spending::close);
    }
    closing.then(database::close);
    closing.end();
  }
}
