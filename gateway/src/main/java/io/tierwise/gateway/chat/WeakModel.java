package io.tierwise.gateway.chat;

/**
 * One of a chat's cheaper models, with the router that says where it will do.
 *
 * @param audits of the router
 */
public record WeakModel(ChatUpstream upstream, ChatGate gate, ChatAudits audits) {
  /**
   * What the router says of a prompt. One that could not be audited is not its to judge, whether or
   * not the coin fell on it: the strong model answers, and nothing can be lost.
   *
   * @param audited whether the router is asked although its gate is shut
   */
  Opinion opinion(ChatBody body, boolean audited) {
    return audits.takes(new ChatCase(body, null)) ? gate.of(body, audited) : gate.unasked();
  }
}
