package io.tierwise.gateway.chat;

import io.tierwise.router.request.Task;

/**
 * A chat at work: two models and what decides between them.
 *
 * @param task its name is what callers send as model
 */
public record ChatTask(Task.Chat task, ChatUpstream strong, ChatUpstream weak, ChatGate gate) {}
