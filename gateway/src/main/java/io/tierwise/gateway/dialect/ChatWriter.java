package io.tierwise.gateway.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Writes an answer as OpenAI's chat completion object, or as the chunks of one. */
final class ChatWriter {
  /** What OpenAI writes for a token outside the reported ones; JSON has no −∞. */
  private static final double LOG_OF_ZERO = -9999;

  private ChatWriter() {}

  static ObjectNode completion(ChatCall call, Decision.Answered answered) {
    ObjectNode root = root(call, "chat.completion");
    ObjectNode choice = choice(root);
    ObjectNode message = choice.putObject("message");
    message.put("role", "assistant");
    message.put("content", text(answered.answer()));
    message.putNull("refusal");
    logprobs(choice, call, answered.answer());
    choice.put("finish_reason", "stop");
    usage(root.putObject("usage"), answered.receipt());
    root.put("system_fingerprint", answered.version());
    return root;
  }

  /**
   * The same as a stream: who speaks, what it says, that it ends, and the usage where it is wanted.
   * The answer is known before the first chunk, so its text is in one.
   */
  static List<ObjectNode> chunks(ChatCall call, Decision.Answered answered) {
    List<ObjectNode> chunks = new ArrayList<>();
    ObjectNode opening = choice(chunk(chunks, call, answered));
    opening.putObject("delta").put("role", "assistant").put("content", "").putNull("refusal");
    opening.putNull("logprobs").putNull("finish_reason");
    ObjectNode speech = choice(chunk(chunks, call, answered));
    speech.putObject("delta").put("content", text(answered.answer()));
    logprobs(speech, call, answered.answer());
    speech.putNull("finish_reason");
    ObjectNode end = choice(chunk(chunks, call, answered));
    end.putObject("delta");
    end.putNull("logprobs").put("finish_reason", "stop");
    if (call.delivery() == Delivery.STREAM_WITH_USAGE) {
      chunks.forEach(chunk -> chunk.putNull("usage"));
      ObjectNode last = chunk(chunks, call, answered);
      last.putArray("choices");
      usage(last.putObject("usage"), answered.receipt());
    }
    return chunks;
  }

  private static ObjectNode chunk(
      List<ObjectNode> chunks, ChatCall call, Decision.Answered answered) {
    ObjectNode chunk = root(call, "chat.completion.chunk");
    chunk.put("system_fingerprint", answered.version());
    chunks.add(chunk);
    return chunk;
  }

  private static ObjectNode root(ChatCall call, String object) {
    return StrictJson.MAPPER
        .createObjectNode()
        .put("id", "chatcmpl-" + call.request().context().id())
        .put("object", object)
        .put("created", call.request().context().receivedAt().getEpochSecond())
        .put("model", call.request().task().name());
  }

  private static ObjectNode choice(ObjectNode root) {
    return root.putArray("choices").addObject().put("index", 0);
  }

  private static String text(Answer answer) {
    return switch (answer) {
      case Answer.Classified classified -> classified.label().value();
      case Answer.Message message -> message.text();
    };
  }

  /** The distribution as if each label were one token. */
  private static void logprobs(ObjectNode choice, ChatCall call, Answer answer) {
    if (!call.logprobs() || !(answer instanceof Answer.Classified(Label label, Distribution all))) {
      choice.putNull("logprobs");
      return;
    }
    ObjectNode logprobs = choice.putObject("logprobs");
    int own = all.labels().indexOf(label);
    ObjectNode token = logprobs.putArray("content").addObject();
    token(token, label, own < 0 ? 0 : all.probability(own));
    ArrayNode top = token.putArray("top_logprobs");
    IntStream.range(0, all.labels().size())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> all.probability(i)).reversed())
        .limit(call.topLogprobs())
        .forEach(i -> token(top.addObject(), all.labels().get(i), all.probability(i)));
    logprobs.putNull("refusal");
  }

  private static void token(ObjectNode node, Label label, double probability) {
    node.put("token", label.value());
    node.put("logprob", Math.max(Math.log(probability), LOG_OF_ZERO));
    ArrayNode bytes = node.putArray("bytes");
    for (byte each : label.value().getBytes(StandardCharsets.UTF_8)) {
      bytes.add(Byte.toUnsignedInt(each));
    }
  }

  /**
   * The tokens that the large model counted for this request. A cached or a student's answer used
   * none, and says 0.
   */
  private static void usage(ObjectNode usage, Receipt receipt) {
    long input = 0;
    long cached = 0;
    long output = 0;
    for (JudgedAttempt judged : receipt.attempts()) {
      input += judged.attempt().usage().inputTokens();
      cached += judged.attempt().usage().cachedInputTokens();
      output += judged.attempt().usage().outputTokens();
    }
    usage.put("prompt_tokens", input);
    usage.put("completion_tokens", output);
    usage.put("total_tokens", input + output);
    usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
    usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
  }
}
