package io.tierwise.gateway;

import io.tierwise.gateway.flywheel.Due;
import io.tierwise.gateway.store.AnswerStore;
import io.tierwise.gateway.store.Answers;
import io.tierwise.gateway.store.AuditSpool;
import io.tierwise.gateway.store.BudgetStore;
import io.tierwise.gateway.store.CacheErasures;
import io.tierwise.gateway.store.ChatAnswerStore;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.DriftStore;
import io.tierwise.gateway.store.Feedback;
import io.tierwise.gateway.store.FeedbackStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.store.Keys;
import io.tierwise.gateway.store.ProbeStore;
import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.gateway.store.SemanticStore;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.gateway.store.TrainingRuns;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * Everything that is stored: embedded, but for what stands outside.
 *
 * @param embedded the corpus of this box; its key seals the spool as well
 */
record Stores(
    Database database,
    Database spending,
    Keys keys,
    Answers answers,
    ChatAnswerStore chatAnswers,
    SemanticStore semantic,
    CacheErasures erasures,
    ContractStores contracts,
    Corpus corpus,
    CorpusStore embedded,
    AuditSpool spool,
    SliceStore slices,
    ReviewStore reviews,
    DriftStore drifts,
    ProbeStore probes,
    Feedback feedback,
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
      CorpusStore corpus = CorpusStore.open(database, clock, CorpusStore.keyFile(data), random);
      ContractStores contracts =
          services.contracts() != null
              ? services.contracts()
              : ContractStores.embedded(database, clock);
      return new Stores(
          database,
          spending,
          services.keys() != null ? services.keys() : new KeyStore(database, clock, random),
          services.answers() != null ? services.answers() : new AnswerStore(database, clock, true),
          new ChatAnswerStore(database, clock, corpus),
          new SemanticStore(database, clock, corpus),
          new CacheErasures(database, clock),
          contracts,
          services.corpus() != null ? services.corpus() : corpus,
          corpus,
          new AuditSpool(database, clock, corpus),
          new SliceStore(database, contracts.gates(), clock),
          new ReviewStore(database, clock, corpus),
          new DriftStore(database, clock),
          new ProbeStore(database, clock, corpus),
          services.feedback() != null ? services.feedback() : new FeedbackStore(database, clock),
          new BudgetStore(spending));
    } catch (RuntimeException e) {
      if (spending != null && spending != database) {
        spending.close();
      }
      database.close();
      throw e;
    }
  }

  /** What the next trainings wait for. */
  Due.Sources due(Clock clock) {
    return new Due.Sources(contracts.gates(), corpus, new TrainingRuns(database, clock), drifts);
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
