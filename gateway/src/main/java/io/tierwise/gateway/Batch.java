package io.tierwise.gateway;

import io.tierwise.gateway.dialect.BatchDecision;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several requests that came as one, answered side by side and in their order. After a refusal no
 * more are begun, for the whole is refused with it.
 */
final class Batch {
  private final List<InferenceRequest> requests;
  private final Function<InferenceRequest, Decision> one;
  private final AtomicReferenceArray<@Nullable Decision> decisions;
  private final AtomicInteger next = new AtomicInteger();

  private Batch(List<InferenceRequest> requests, Function<InferenceRequest, Decision> one) {
    this.requests = requests;
    this.one = one;
    this.decisions = new AtomicReferenceArray<>(requests.size());
  }

  /**
   * @param atOnce how many are under way at most
   * @param one answers a request; called on several threads
   */
  static BatchDecision answer(
      List<InferenceRequest> requests, int atOnce, Function<InferenceRequest, Decision> one) {
    Batch batch = new Batch(requests, one);
    int workers = Math.min(atOnce, requests.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        all.add(threads.submit(batch::work));
      }
      for (Future<?> worker : all) {
        await(worker);
      }
    }
    return batch.decision();
  }

  private void work() {
    int row = next.getAndIncrement();
    while (row < requests.size()) {
      Decision decision = one.apply(requests.get(row));
      decisions.set(row, decision);
      if (decision instanceof Decision.Refused) {
        next.set(requests.size());
      }
      row = next.getAndIncrement();
    }
  }

  private static void await(Future<?> worker) {
    try {
      worker.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a row failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rows were under way", e);
    }
  }

  private BatchDecision decision() {
    List<Decision> decided = new ArrayList<>();
    List<Decision.Answered> answers = new ArrayList<>();
    int refusedRow = -1;
    Decision.@Nullable Refused refusal = null;
    for (int row = 0; row < requests.size(); row++) {
      Decision decision = decisions.get(row);
      if (decision == null) {
        continue;
      }
      decided.add(decision);
      switch (decision) {
        case Decision.Answered answered -> answers.add(answered);
        case Decision.Refused refused -> {
          if (refusal == null) {
            refusal = refused;
            refusedRow = row;
          }
        }
      }
    }
    return refusal == null
        ? new BatchDecision.Answered(answers)
        : new BatchDecision.Refused(refusedRow, refusal, decided);
  }
}
