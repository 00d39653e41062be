package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.RequestContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's dialect: chat completions, models, and the error object.
 *
 * <p>{@code model} names a task, the last user message is what is classified, and the label comes
 * back as the assistant's message. {@code logprobs} carries the distribution, each label as one
 * token. {@code usage} counts the large model's tokens for this request: all 0 when it was not
 * asked. {@code system_fingerprint} is the version of what answered. {@code stream} sends the same
 * as server-sent events; the answer, and its record in the ledger, is complete before the first.
 */
public final class OpenAiDialect {
  public static final int MAXIMUM_BODY_BYTES = 1024 * 1024;

  private final ServedTasks tasks;
  private final Instant since;

  /**
   * @param since what is reported as the models' date of creation
   */
  public OpenAiDialect(Collection<ServedTask> tasks, Instant since) {
    this.tasks = new ServedTasks(tasks);
    this.since = since;
  }

  /**
   * @throws DialectException 400 or 404, naming the field or header that is wrong
   */
  public ChatCall decode(byte[] body, Arrival arrival) {
    ChatReader reader = new ChatReader(StrictJson.object(body));
    ServedTask served = tasks.named(reader.model());
    readsText(served);
    reader.checkParameters();
    Delivery delivery = reader.delivery();
    boolean logprobs = reader.logprobs();
    int topLogprobs = reader.topLogprobs();
    RequestContext context = arrival.context(arrival.requestId(), served, reader.temperature());
    Input input = new Input.Text(reader.text());
    return new ChatCall(
        new InferenceRequest.Classify(context, served.task(), input),
        logprobs,
        topLogprobs,
        delivery);
  }

  /** 413: a body of more than {@link #MAXIMUM_BODY_BYTES}. */
  public static DialectException tooLarge() {
    return new DialectException(
        413,
        DialectError.invalid(
            "body",
            "The body has more than " + MAXIMUM_BODY_BYTES + " bytes.",
            "request_too_large"));
  }

  /** A chat has no place for feature vectors. */
  private static void readsText(ServedTask served) {
    if (served.form() instanceof InputForm.Features features) {
      throw badRequest(
          "model",
          "The model `%s` reads %s, not messages: send them to /v2/models/%s/infer."
              .formatted(served.task().name(), features, served.task().name()),
          "unsupported_value");
    }
  }

  /** A refusal is an ordinary error, also where the answer would have been a stream. */
  public Reply encode(ChatCall call, Decision decision) {
    Map<String, String> headers = TierwiseHeaders.of(call.request(), decision);
    return switch (decision) {
      case Decision.Answered answered ->
          switch (call.delivery()) {
            case WHOLE -> Reply.json(200, headers, new ChatWriter(call, answered).completion());
            case STREAM, STREAM_WITH_USAGE ->
                Reply.events(headers, new ChatWriter(call, answered).chunks());
          };
      case Decision.Refused refused -> refusal(call.request(), refused);
    };
  }

  /** A refusal in OpenAI's form, with the headers that tell of it. */
  public static Reply refusal(InferenceRequest request, Decision.Refused refused) {
    RefusalWords words = RefusalWords.of(request.context(), refused.refusal());
    Map<String, String> headers = TierwiseHeaders.of(request, refused);
    headers.putAll(words.hints());
    return error(words.status(), words.error(), headers);
  }

  /**
   * A body as JSON, for what is passed through.
   *
   * @throws DialectException 400, saying where the trouble is
   */
  public static ObjectNode read(byte[] body) {
    return StrictJson.object(body);
  }

  /** The answer to {@code GET /v1/models}: every task. */
  public Reply models() {
    return models(List.of());
  }

  /** The same with chats after the tasks. */
  public Reply models(List<String> chats) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    root.put("object", "list");
    ArrayNode data = root.putArray("data");
    tasks.all().forEach(served -> model(data.addObject(), served.task().name()));
    chats.forEach(chat -> model(data.addObject(), chat));
    return Reply.json(200, Map.of(), root);
  }

  /**
   * The answer to {@code GET /v1/models/NAME}.
   *
   * @throws DialectException 404 when there is no such task
   */
  public Reply model(String name) {
    return model(name, List.of());
  }

  /** The same where a chat may be meant. */
  public Reply model(String name, List<String> chats) {
    ObjectNode node = StrictJson.MAPPER.createObjectNode();
    String known = chats.contains(name) ? name : tasks.named(name).task().name();
    return Reply.json(200, Map.of(), model(node, known));
  }

  /** An error of any status in OpenAI's form. */
  public static Reply error(int status, DialectError error, Map<String, String> headers) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    ObjectNode object = root.putObject("error");
    object.put("message", StrictJson.wellFormed(error.message()));
    object.put("type", error.type());
    String param = error.param();
    object.put("param", param == null ? null : StrictJson.wellFormed(param));
    object.put("code", error.code());
    return Reply.json(status, headers, root);
  }

  private ObjectNode model(ObjectNode node, String name) {
    return node.put("id", name)
        .put("object", "model")
        .put("created", since.getEpochSecond())
        .put("owned_by", "tierwise");
  }
}
