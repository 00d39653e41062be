package io.tierwise.gateway.dialect;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes an answer as OpenAI's chat completion object, or as the chunks of one. Field by field: a
 * tree of nodes took as long again as the writing.
 *
 * @param call what was asked for
 */
record ChatWriter(ChatCall call, Decision.Answered answered) {
  /** What OpenAI writes for a token outside the reported ones; JSON has no −∞. */
  private static final double LOG_OF_ZERO = -9999;

  byte[] completion() {
    return StrictJson.written(json -> {
      open(json, "chat.completion");
      openChoice(json);
      json.writeObjectFieldStart("message");
      json.writeStringField("role", "assistant");
      json.writeStringField("content", text());
      json.writeNullField("refusal");
      json.writeEndObject();
      logprobs(json);
      json.writeStringField("finish_reason", "stop");
      closeChoice(json);
      usage(json);
      json.writeStringField("system_fingerprint", answered.version());
    });
  }

  /**
   * The same as a stream: who speaks, what it says, that it ends, and the usage where it is wanted.
   * The answer is known before the first chunk, so its text is in one.
   */
  List<byte[]> chunks() {
    List<byte[]> chunks = new ArrayList<>();
    chunks.add(
        chunk(json -> {
          json.writeObjectFieldStart("delta");
          json.writeStringField("role", "assistant");
          json.writeStringField("content", "");
          json.writeNullField("refusal");
          json.writeEndObject();
          json.writeNullField("logprobs");
          json.writeNullField("finish_reason");
        }));
    chunks.add(
        chunk(json -> {
          json.writeObjectFieldStart("delta");
          json.writeStringField("content", text());
          json.writeEndObject();
          logprobs(json);
          json.writeNullField("finish_reason");
        }));
    chunks.add(
        chunk(json -> {
          json.writeObjectFieldStart("delta");
          json.writeEndObject();
          json.writeNullField("logprobs");
          json.writeStringField("finish_reason", "stop");
        }));
    if (call.delivery() == Delivery.STREAM_WITH_USAGE) {
      chunks.add(
          StrictJson.written(json -> {
            openChunk(json);
            json.writeArrayFieldStart("choices");
            json.writeEndArray();
            usage(json);
          }));
    }
    return chunks;
  }

  /** A chunk of one choice; where usage is wanted, all but the last say that it is not in them. */
  private byte[] chunk(StrictJson.Fields choice) {
    return StrictJson.written(json -> {
      openChunk(json);
      openChoice(json);
      choice.writeTo(json);
      closeChoice(json);
      if (call.delivery() == Delivery.STREAM_WITH_USAGE) {
        json.writeNullField("usage");
      }
    });
  }

  private void openChunk(JsonGenerator json) throws IOException {
    open(json, "chat.completion.chunk");
    json.writeStringField("system_fingerprint", answered.version());
  }

  private void open(JsonGenerator json, String object) throws IOException {
    json.writeStringField("id", "chatcmpl-" + call.request().context().id());
    json.writeStringField("object", object);
    json.writeNumberField("created", call.request().context().receivedAt().getEpochSecond());
    json.writeStringField("model", call.request().task().name());
  }

  private static void openChoice(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("choices");
    json.writeStartObject();
    json.writeNumberField("index", 0);
  }

  private static void closeChoice(JsonGenerator json) throws IOException {
    json.writeEndObject();
    json.writeEndArray();
  }

  private String text() {
    return switch (answered.answer()) {
      case Answer.Classified classified -> classified.label().value();
      case Answer.Message message -> message.text();
    };
  }

  /** The distribution as if each label were one token. */
  private void logprobs(JsonGenerator json) throws IOException {
    if (!call.logprobs()
        || !(answered.answer() instanceof Answer.Classified(Label label, Distribution all))) {
      json.writeNullField("logprobs");
      return;
    }
    json.writeObjectFieldStart("logprobs");
    json.writeArrayFieldStart("content");
    json.writeStartObject();
    int own = all.labels().indexOf(label);
    token(json, label, own < 0 ? 0 : all.probability(own));
    json.writeArrayFieldStart("top_logprobs");
    List<Integer> likeliest =
        IntStream.range(0, all.labels().size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> all.probability(i)).reversed())
            .limit(call.topLogprobs())
            .toList();
    for (int i : likeliest) {
      json.writeStartObject();
      token(json, all.labels().get(i), all.probability(i));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeNullField("refusal");
    json.writeEndObject();
  }

  private static void token(JsonGenerator json, Label label, double probability)
      throws IOException {
    json.writeStringField("token", label.value());
    json.writeNumberField("logprob", Math.max(Math.log(probability), LOG_OF_ZERO));
    json.writeArrayFieldStart("bytes");
    for (byte each : label.value().getBytes(StandardCharsets.UTF_8)) {
      json.writeNumber(Byte.toUnsignedInt(each));
    }
    json.writeEndArray();
  }

  /**
   * The tokens that the large model counted for this request. A cached or a student's answer used
   * none, and says 0.
   */
  private void usage(JsonGenerator json) throws IOException {
    Receipt receipt = answered.receipt();
    long input = 0;
    long cached = 0;
    long output = 0;
    for (JudgedAttempt judged : receipt.attempts()) {
      input += judged.attempt().usage().inputTokens();
      cached += judged.attempt().usage().cachedInputTokens();
      output += judged.attempt().usage().outputTokens();
    }
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", input);
    json.writeNumberField("completion_tokens", output);
    json.writeNumberField("total_tokens", input + output);
    json.writeObjectFieldStart("prompt_tokens_details");
    json.writeNumberField("cached_tokens", cached);
    json.writeEndObject();
    json.writeObjectFieldStart("completion_tokens_details");
    json.writeNumberField("reasoning_tokens", 0);
    json.writeEndObject();
    json.writeEndObject();
  }
}
