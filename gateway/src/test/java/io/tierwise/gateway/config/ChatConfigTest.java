package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.ChatConfig.JudgeKind;
import io.tierwise.gateway.config.ChatConfig.SecondStageConfig;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.router.contract.Contract;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatConfigTest extends WrittenConfig {
  private static final String CHAT =
      """
      upstreams:
        gpt: {url: 'http://127.0.0.1:8081'}
        claude: {url: 'http://127.0.0.1:8082', protocol: anthropic}
        pod: {url: 'http://127.0.0.1:8083', protocol: invocations}
      chats:
        - name: assistant
          strong: {upstream: claude, price: gpt-4o}
          weak: {upstream: gpt, price: gpt-4o-mini}
      """;

  @Test
  void fillsInEveryDefault() throws IOException {
    ChatConfig chat = load(CHAT).chats().getFirst();
    assertEquals(new ChatModel("claude", "gpt-4o"), chat.strong());
    assertEquals(List.of("assistant"), chat.routers());
    assertEquals(new Contract(0.05, 0.05), chat.contractOfEach());
    assertEquals(0.05, chat.audit().rate());
    assertNull(chat.audit().dailyLimit());
    assertEquals(JudgeKind.EMBEDDING, chat.judge().kind());
    assertNull(chat.judge().model());
    assertEquals(true, chat.exactCache().enabled());
    assertEquals(false, chat.exactCache().tools());
    assertEquals(SemanticCacheConfig.OFF, chat.semanticCache());
    assertEquals(false, chat.hedge());
    assertEquals(SecondStageConfig.OFF, chat.secondStage());
  }

  @Test
  void routersShareTheContract() throws IOException {
    ChatConfig chat =
        load(CHAT + "    alternatives: [{upstream: gpt, price: gpt-4o-mini, router: second}]\n")
            .chats()
            .getFirst();
    assertEquals(List.of("assistant", "second"), chat.routers());
    assertEquals(new Contract(0.025, 0.025), chat.contractOfEach());
  }

  @Test
  void theSemanticCacheHasItsPartOfTheContract() throws IOException {
    TierwiseConfig config = load(CHAT + "    semanticCache: {enabled: true, timeToLive: 2h}\n");
    ChatConfig chat = config.chats().getFirst();
    assertEquals(new Contract(0.025, 0.025), chat.contractOfEach());
    assertEquals(
        new SemanticCacheConfig(true, "box-semantic-cache", Duration.ofHours(2), 100_000),
        chat.semanticCache());
    assertEquals(
        List.of("assistant", "assistant-cache"),
        config.contracts().stream().map(TaskConfig::name).toList());
    assertEquals(new Contract(0.025, 0.025), config.contracts().getLast().contract());
  }

  @Test
  void itsNameIsNobodyElses() {
    refused(
        CHAT
            + "    alternatives:\n"
            + "      - {upstream: gpt, price: gpt-4o-mini, router: assistant-cache}\n"
            + "    semanticCache: {enabled: true}\n",
        "11: chats[0].semanticCache.enabled: it is certified as 'assistant-cache', which is taken;"
            + " rename this chat or the other one");
  }

  @Test
  void refusesWhatCannotBeAsked() {
    refused(
        CHAT
            + "    alternatives: [{upstream: gpt, price: gpt-4o-mini, router: assistant}]\n"
            + "    fallbacks: [{upstream: pod, price: gpt-4o}]\n"
            + "    judge: {kind: model, price: gpt-4o}\n"
            + "    secondStage: {kind: guess, samples: 1}\n",
        "9: chats[0].alternatives[0].router: 'assistant' is taken; choose another name",
        "10: chats[0].fallbacks[0].upstream: there is no upstream 'pod' with protocol openai,"
            + " anthropic or bedrock; add it under upstreams",
        "11: chats[0].judge.upstream: it is missing, and the judge is a model; say which one",
        "12: chats[0].secondStage.kind: 'guess' is not known here; use one of: none,"
            + " log-probability, self-consistency",
        "12: chats[0].secondStage.samples: 1 is out of range; give one from 2 to 16");
  }

  @Test
  void tasksSpeakNoChatsProtocol() {
    refused(
        CHAT
            + """
            tasks:
              - name: support
                labels: [refund, delivery]
                large: {upstream: claude, price: gpt-4o}
            """,
        "12: tasks[0].large.upstream: 'claude' speaks a protocol that only chats do; use an"
            + " upstream with protocol: openai or invocations");
  }
}
