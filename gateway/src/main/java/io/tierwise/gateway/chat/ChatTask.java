package io.tierwise.gateway.chat;

import io.tierwise.router.request.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat at work: its models and what decides between them.
 *
 * @param task its name is what callers send as model
 * @param fallbacks asked in this order where the strong one cannot answer
 * @param weak in the order of the configuration
 * @param cache null for none
 * @param semanticCache null for none
 * @param hedged whether a call that takes longer than usual is made a second time
 */
public record ChatTask(
    Task.Chat task,
    ChatUpstream strong,
    List<ChatUpstream> fallbacks,
    List<WeakModel> weak,
    @Nullable ChatCache cache,
    @Nullable ChatSemanticCache semanticCache,
    boolean hedged,
    SecondStage secondStage) {
  public ChatTask {
    fallbacks = List.copyOf(fallbacks);
    weak = List.copyOf(weak);
  }

  /** Of its routers and its cache. */
  List<ChatAudits> audits() {
    List<ChatAudits> all = new ArrayList<>(weak.stream().map(WeakModel::audits).toList());
    if (semanticCache != null) {
      all.add(semanticCache.audits());
    }
    return all;
  }

  /** Every model, each with connections of its own. */
  List<ChatUpstream> upstreams() {
    List<ChatUpstream> all = new ArrayList<>(fallbacks);
    all.addFirst(strong);
    weak.forEach(each -> all.add(each.upstream()));
    return all;
  }
}
