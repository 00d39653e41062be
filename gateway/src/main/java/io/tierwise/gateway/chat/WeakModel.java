package io.tierwise.gateway.chat;

/**
 * One of a chat's cheaper models, with the router that says where it will do.
 *
 * @param audits of the router
 */
public record WeakModel(ChatUpstream upstream, ChatGate gate, ChatAudits audits) {}
