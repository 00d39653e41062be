package io.tierwise.gateway.dialect;

import io.tierwise.gateway.json.JsonWriter;
import io.tierwise.gateway.json.JsonWriter.Name;
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
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Writes an answer as OpenAI's chat completion object, or as the chunks of one. Field by field: a
 * tree of nodes took as long again as the writing.
 *
 * @param call what was asked for
 */
record ChatWriter(ChatCall call, Decision.Answered answered) {
  private static final Name BYTES = Name.of("bytes");
  private static final Name CACHED_TOKENS = Name.of("cached_tokens");
  private static final Name CHOICES = Name.of("choices");
  private static final Name COMPLETION_TOKENS = Name.of("completion_tokens");
  private static final Name COMPLETION_TOKENS_DETAILS = Name.of("completion_tokens_details");
  private static final Name CONTENT = Name.of("content");
  private static final Name CREATED = Name.of("created");
  private static final Name DELTA = Name.of("delta");
  private static final Name FINISH_REASON = Name.of("finish_reason");
  private static final Name ID = Name.of("id");
  private static final Name INDEX = Name.of("index");
  private static final Name LOGPROB = Name.of("logprob");
  private static final Name LOGPROBS = Name.of("logprobs");
  private static final Name MESSAGE = Name.of("message");
  private static final Name MODEL = Name.of("model");
  private static final Name OBJECT = Name.of("object");
  private static final Name PROMPT_TOKENS = Name.of("prompt_tokens");
  private static final Name PROMPT_TOKENS_DETAILS = Name.of("prompt_tokens_details");
  private static final Name REASONING_TOKENS = Name.of("reasoning_tokens");
  private static final Name REFUSAL = Name.of("refusal");
  private static final Name ROLE = Name.of("role");
  private static final Name SYSTEM_FINGERPRINT = Name.of("system_fingerprint");
  private static final Name TOKEN = Name.of("token");
  private static final Name TOP_LOGPROBS = Name.of("top_logprobs");
  private static final Name TOTAL_TOKENS = Name.of("total_tokens");
  private static final Name USAGE = Name.of("usage");

  /** What OpenAI writes for a token outside the reported ones; JSON has no −∞. */
  private static final double LOG_OF_ZERO = -9999;

  byte[] completion() {
    return StrictJson.written(json -> {
      open(json, "chat.completion");
      openChoice(json);
      json.name(MESSAGE).beginObject();
      json.field(ROLE, "assistant");
      json.field(CONTENT, text());
      json.nullField(REFUSAL);
      json.endObject();
      logprobs(json);
      json.field(FINISH_REASON, "stop");
      closeChoice(json);
      usage(json);
      json.field(SYSTEM_FINGERPRINT, answered.version());
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
          json.name(DELTA).beginObject();
          json.field(ROLE, "assistant");
          json.field(CONTENT, "");
          json.nullField(REFUSAL);
          json.endObject();
          json.nullField(LOGPROBS);
          json.nullField(FINISH_REASON);
        }));
    chunks.add(
        chunk(json -> {
          json.name(DELTA).beginObject();
          json.field(CONTENT, text());
          json.endObject();
          logprobs(json);
          json.nullField(FINISH_REASON);
        }));
    chunks.add(
        chunk(json -> {
          json.name(DELTA).beginObject();
          json.endObject();
          json.nullField(LOGPROBS);
          json.field(FINISH_REASON, "stop");
        }));
    if (call.delivery() == Delivery.STREAM_WITH_USAGE) {
      chunks.add(
          StrictJson.written(json -> {
            openChunk(json);
            json.name(CHOICES).beginArray();
            json.endArray();
            usage(json);
          }));
    }
    return chunks;
  }

  /** A chunk of one choice; where usage is wanted, all but the last say that it is not in them. */
  private byte[] chunk(Consumer<JsonWriter> choice) {
    return StrictJson.written(json -> {
      openChunk(json);
      openChoice(json);
      choice.accept(json);
      closeChoice(json);
      if (call.delivery() == Delivery.STREAM_WITH_USAGE) {
        json.nullField(USAGE);
      }
    });
  }

  private void openChunk(JsonWriter json) {
    open(json, "chat.completion.chunk");
    json.field(SYSTEM_FINGERPRINT, answered.version());
  }

  private void open(JsonWriter json, String object) {
    json.field(ID, "chatcmpl-" + call.request().context().id());
    json.field(OBJECT, object);
    json.field(CREATED, call.request().context().receivedAt().getEpochSecond());
    json.field(MODEL, call.request().task().name());
  }

  private static void openChoice(JsonWriter json) {
    json.name(CHOICES).beginArray();
    json.beginObject();
    json.field(INDEX, 0);
  }

  private static void closeChoice(JsonWriter json) {
    json.endObject();
    json.endArray();
  }

  private String text() {
    return switch (answered.answer()) {
      case Answer.Classified classified -> classified.label().value();
      case Answer.Message message -> message.text();
    };
  }

  /** The distribution as if each label were one token. */
  private void logprobs(JsonWriter json) {
    if (!call.logprobs()
        || !(answered.answer() instanceof Answer.Classified(Label label, Distribution all))) {
      json.nullField(LOGPROBS);
      return;
    }
    json.name(LOGPROBS).beginObject();
    json.name(CONTENT).beginArray();
    json.beginObject();
    int own = all.labels().indexOf(label);
    token(json, label, own < 0 ? 0 : all.probability(own));
    json.name(TOP_LOGPROBS).beginArray();
    List<Integer> likeliest =
        IntStream.range(0, all.labels().size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> all.probability(i)).reversed())
            .limit(call.topLogprobs())
            .toList();
    for (int i : likeliest) {
      json.beginObject();
      token(json, all.labels().get(i), all.probability(i));
      json.endObject();
    }
    json.endArray();
    json.endObject();
    json.endArray();
    json.nullField(REFUSAL);
    json.endObject();
  }

  private static void token(JsonWriter json, Label label, double probability) {
    json.field(TOKEN, label.value());
    json.field(LOGPROB, Math.max(Math.log(probability), LOG_OF_ZERO));
    json.name(BYTES).beginArray();
    for (byte each : label.value().getBytes(StandardCharsets.UTF_8)) {
      json.number(Byte.toUnsignedInt(each));
    }
    json.endArray();
  }

  /**
   * The tokens that the large model counted for this request. A cached or a student's answer used
   * none, and says 0.
   */
  private void usage(JsonWriter json) {
    Receipt receipt = answered.receipt();
    long input = 0;
    long cached = 0;
    long output = 0;
    for (JudgedAttempt judged : receipt.attempts()) {
      input += judged.attempt().usage().inputTokens();
      cached += judged.attempt().usage().cachedInputTokens();
      output += judged.attempt().usage().outputTokens();
    }
    json.name(USAGE).beginObject();
    json.field(PROMPT_TOKENS, input);
    json.field(COMPLETION_TOKENS, output);
    json.field(TOTAL_TOKENS, input + output);
    json.name(PROMPT_TOKENS_DETAILS).beginObject();
    json.field(CACHED_TOKENS, cached);
    json.endObject();
    json.name(COMPLETION_TOKENS_DETAILS).beginObject();
    json.field(REASONING_TOKENS, 0);
    json.endObject();
    json.endObject();
  }
}
