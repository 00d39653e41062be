package io.tierwise.gateway;

import io.tierwise.gateway.learning.AuditQueue;
import io.tierwise.gateway.learning.GateDuty;
import io.tierwise.gateway.semantic.TextEncoder;
import io.tierwise.gateway.store.Answers;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.Feedback;
import io.tierwise.gateway.store.Keys;
import io.tierwise.gateway.tier.RequestSigner;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.Registry;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What may stand outside the gateway's own box. What is null is the box's own: the embedded store,
 * the directories under the data directory, the background threads.
 *
 * @param audits where another process makes them
 * @param students makes a task's live artifact answer
 * @param encoder makes the vectors of the semantic cache and of judges
 * @param prompts makes the vectors that chats' routers read
 * @param ids where request ids are drawn from; nobody should guess them
 * @param signer of calls to large models
 * @param duty what this process does about gates
 */
public record Services(
    @Nullable Keys keys,
    @Nullable Answers answers,
    @Nullable Budgets budgets,
    @Nullable Ledger ledger,
    @Nullable Registry registry,
    @Nullable AuditQueue audits,
    @Nullable ContractStores contracts,
    @Nullable Corpus corpus,
    @Nullable Feedback feedback,
    StudentLoader students,
    TextEncoder.Loader encoder,
    TextEncoder.Loader prompts,
    RandomGenerator ids,
    RequestSigner signer,
    GateDuty duty) {
  /** Everything on this box. */
  public static Services local() {
    // Half of the cores: the other half are for those who wait for something else.
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new Services(
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Student::load,
        () -> TextEncoder.bgeSmall(threads),
        () -> TextEncoder.bgeSmallMiddle(threads),
        new SecureRandom(),
        RequestSigner.NONE,
        GateDuty.WATCH);
  }

  /** The same with calls to large models signed. */
  public Services signedBy(RequestSigner other) {
    return new Services(
        keys, answers, budgets, ledger, registry, audits, contracts, corpus, feedback, students,
        encoder, prompts, ids, other, duty);
  }
}
