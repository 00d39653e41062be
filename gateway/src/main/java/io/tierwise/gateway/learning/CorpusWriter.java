package io.tierwise.gateway.learning;

import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.References;
import java.time.Duration;

/** Keeps inputs with the large model's answers, unless the caller said {@code no-store}. */
public final class CorpusWriter implements References {
  private static final System.Logger LOG = System.getLogger(CorpusWriter.class.getName());

  private final Corpus corpus;
  private final Duration timeToLive;

  public CorpusWriter(Corpus corpus, Duration timeToLive) {
    this.corpus = corpus;
    this.timeToLive = timeToLive;
  }

  @Override
  public void observe(Reference reference) {
    if (!(reference.request() instanceof InferenceRequest.Classify request)
        || !(reference.proposal().answer() instanceof Answer.Classified answer)
        || !request.context().cache().write()) {
      return;
    }
    try {
      corpus.add(
          request.context().tenant(),
          request.task().name(),
          request.input(),
          answer.label(),
          answer.distribution(),
          reference.audited(),
          timeToLive,
          request.context().id());
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "an answer could not be kept in the corpus", e);
    }
  }
}
