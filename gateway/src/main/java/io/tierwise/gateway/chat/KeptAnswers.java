package io.tierwise.gateway.chat;

import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.dialect.TierwiseHeaders;
import io.tierwise.gateway.store.ChatAnswerStore.Kept;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a chat has kept of its strong model's answers, for one request: those to the very same body
 * and, under their certificate, those to questions that mean the same.
 */
final class KeptAnswers {
  /** About four thousand events; it is held in memory while the stream passes. */
  private static final int MOST_OF_STREAM = 1 << 20;

  private final ChatTask chat;
  private final ChatBody body;
  private final RequestContext context;
  private final ChatRecord record;
  private final @Nullable String key;
  private final ChatSemanticCache.@Nullable Asked asked;

  KeptAnswers(ChatTask chat, ChatBody body, RequestContext context, ChatRecord record) {
    this.chat = chat;
    this.body = body;
    this.context = context;
    this.record = record;
    boolean wanted = context.policy() != RoutingPolicy.LARGE_ONLY;
    ChatCache same = wanted ? chat.cache() : null;
    ChatSemanticCache similar = wanted ? chat.semanticCache() : null;
    this.key = same == null ? null : same.key(body, context.tenant()).orElse(null);
    this.asked = similar == null ? null : similar.asked(body, context.tenant()).orElse(null);
  }

  /** The reply that a kept answer makes; empty where none may be given. */
  Optional<Reply> reply(ChatMode mode) {
    return context.cache().read() ? same().or(() -> similar(mode)) : Optional.empty();
  }

  /** How much of a stream may have to be kept, in bytes; 0 where nothing of this request is. */
  int mostOfStream() {
    return context.cache().write() && (key != null || asked != null) ? MOST_OF_STREAM : 0;
  }

  /** Keeps what the strong model has said. */
  void keep(String contentType, byte[] content, Usage usage) {
    if (!context.cache().write()) {
      return;
    }
    Kept kept = new Kept(contentType, content, usage, chat.strong().endpoint().fullVersion());
    if (chat.cache() != null && key != null) {
      chat.cache().put(key, context.tenant(), kept);
    }
    if (chat.semanticCache() != null && asked != null) {
      chat.semanticCache().put(asked, kept);
    }
  }

  private Optional<Reply> same() {
    ChatCache cache = chat.cache();
    if (cache == null || key == null) {
      return Optional.empty();
    }
    long began = record.ticks();
    Optional<Kept> kept = cache.get(key, context.tenant());
    Attempt attempt = attempt(Confidence.FULL, kept.orElse(null), began);
    Verdict verdict = kept.isPresent() ? Verdict.ACCEPTED : Verdict.NO_CANDIDATE;
    record.looked(TierName.EXACT_CACHE, attempt, verdict, cache.tariff(), began);
    return kept.map(found -> reply(record.remembered(found), found));
  }

  /** The coin falls before anything is looked up. Who chooses the strong model is left alone. */
  private Optional<Reply> similar(ChatMode mode) {
    ChatSemanticCache cache = chat.semanticCache();
    if (cache == null || asked == null || mode == ChatMode.QUALITY) {
      return Optional.empty();
    }
    boolean audited =
        mode == ChatMode.BALANCED
            && context.policy() == RoutingPolicy.DEFAULT
            && cache.audits().draw();
    if (!audited && !cache.open()) {
      return Optional.empty();
    }
    long began = record.ticks();
    ChatSemanticCache.Found found = cache.find(asked).orElse(null);
    Opinion opinion = found == null ? Opinion.NONE : found.opinion();
    Kept kept = found == null ? null : found.kept();
    Verdict verdict =
        kept == null
            ? Verdict.NO_CANDIDATE
            : opinion.accepted() ? Verdict.ACCEPTED : Verdict.PASSED_ON;
    record.looked(
        TierName.SEMANTIC_CACHE,
        attempt(opinion.confidence(), kept, began),
        verdict,
        cache.tariff(),
        began);
    if (kept == null) {
      return Optional.empty();
    }
    if (audited) {
      record.drawn(
          cache.audits(), new ChatCase(body, OpenAiForm.said(KeptStream.answer(kept))), opinion);
    }
    return opinion.accepted()
        ? Optional.of(reply(record.remembered(kept, opinion), kept))
        : Optional.empty();
  }

  private Attempt attempt(Confidence confidence, @Nullable Kept kept, long began) {
    Usage lookup = Usage.call(record.since(began));
    return kept == null
        ? new Attempt.Missed(lookup)
        : new Attempt.Proposed(
            new Answer.Message(""), confidence, lookup, kept.version(), kept.usage());
  }

  private Reply reply(Decision.Answered decision, Kept kept) {
    Map<String, String> headers = TierwiseHeaders.of(record.request(), decision);
    if (kept.streamed()) {
      headers.put("cache-control", "no-cache");
    }
    return Reply.of(200, kept.contentType(), headers, kept.content());
  }
}
