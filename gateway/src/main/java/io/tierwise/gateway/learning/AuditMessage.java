package io.tierwise.gateway.learning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An audit as a message, for a queue or the spool. It carries what the audit log and the large
 * model need: the input, who asked, the certificate it was answered under, every cheap tier's
 * proposal, and the large model's answer where that is known; no costs, for those were recorded
 * when the request was answered.
 */
public final class AuditMessage {
  private static final int FORMAT = 1;

  /** All that a message says beside its text, in bytes, is less. */
  private static final int BESIDE = 4096;

  private static final ObjectMapper JSON = new ObjectMapper();

  private AuditMessage() {}

  public static String encode(Audited audited) {
    InferenceRequest request = audited.request();
    ObjectNode root = JSON.createObjectNode().put("format", FORMAT);
    root.put("requestId", request.context().id());
    root.put("tenant", request.context().tenant().name());
    root.put("task", request.task().name());
    root.put("receivedAt", request.context().receivedAt().toString());
    root.put("keep", request.context().cache().write());
    put(root, input(request));
    if (audited.gate() instanceof Gate.Open open) {
      root.put("certificate", open.certificate());
    }
    if (audited instanceof Audited.Complete complete
        && complete.reference() instanceof Answer.Classified reference) {
      root.put("reference", reference.label().value());
    }
    ArrayNode attempts = root.putArray("attempts");
    for (JudgedAttempt judged : audited.attempts()) {
      ObjectNode node = attempts.addObject();
      node.put("tier", judged.tier().name()).put("verdict", judged.verdict().name());
      if (judged.attempt() instanceof Attempt.Proposed proposed
          && proposed.answer() instanceof Answer.Classified classified) {
        node.put("label", classified.label().value());
        node.put("confidence", proposed.confidence().value());
        node.put("version", proposed.version());
      }
    }
    return root.toString();
  }

  /** How large the message of an audit of this text may become, in bytes. */
  public static int bytes(String text) {
    return TextNode.valueOf(text).toString().getBytes(StandardCharsets.UTF_8).length + BESIDE;
  }

  private static Input input(InferenceRequest request) {
    return switch (request) {
      case InferenceRequest.Classify classify -> classify.input();
      case InferenceRequest.Chat chat ->
          throw new InvalidValueException(
              "request", "only inputs with labels are audited", "leave other requests out");
    };
  }

  private static void put(ObjectNode root, Input input) {
    switch (input) {
      case Input.Text text -> root.put("text", text.value());
      case Input.Features features -> {
        ArrayNode values = root.putArray("features");
        for (float value : features.toArray()) {
          values.add(value);
        }
      }
    }
  }

  private static Input input(JsonNode root) {
    JsonNode values = root.path("features");
    if (values.isMissingNode()) {
      return new Input.Text(root.path("text").asText());
    }
    float[] features = new float[values.size()];
    for (int i = 0; i < features.length; i++) {
      features[i] = values.path(i).floatValue();
    }
    return new Input.Features(features);
  }

  /**
   * @param tasks the task of a name
   * @throws InvalidValueException where it is no such message
   */
  public static Audited decode(String body, Function<String, Task.Classification> tasks) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new InvalidValueException("message", "it is no JSON", "look at who sends to the queue");
    }
    if (root.path("format").asInt() != FORMAT) {
      throw new InvalidValueException("message", "its format is not known", "deploy all functions");
    }
    Instant receivedAt = Instant.parse(root.path("receivedAt").asText());
    RequestContext context =
        new RequestContext(
            root.path("requestId").asText(),
            new Tenant(root.path("tenant").asText()),
            RoutingPolicy.DEFAULT,
            new CacheUse(false, root.path("keep").asBoolean()),
            receivedAt,
            receivedAt);
    InferenceRequest request =
        new InferenceRequest.Classify(
            context, tasks.apply(root.path("task").asText()), input(root));
    Gate gate =
        root.has("certificate")
            ? new Gate.Open(Thresholds.NONE, root.path("certificate").asText())
            : new Gate.Observe(Thresholds.NONE);
    List<JudgedAttempt> attempts = new ArrayList<>();
    root.path("attempts").forEach(node -> attempts.add(attempt(node)));
    if (!root.has("reference")) {
      return new Audited.Pending(request, gate, attempts);
    }
    Label reference = new Label(root.path("reference").asText());
    return new Audited.Complete(
        request, gate, attempts, new Answer.Classified(reference, Distribution.certain(reference)));
  }

  /** What the spool holds: audits that wait to be asked. */
  static Audited.Pending pending(String body, Function<String, Task.Classification> tasks) {
    Audited audited = decode(body, tasks);
    return new Audited.Pending(audited.request(), audited.gate(), audited.attempts());
  }

  private static JudgedAttempt attempt(JsonNode node) {
    Attempt attempt = new Attempt.Missed(Usage.NONE);
    if (node.has("label")) {
      Label label = new Label(node.path("label").asText());
      attempt =
          new Attempt.Proposed(
              new Answer.Classified(label, Distribution.certain(label)),
              new Confidence(node.path("confidence").asDouble()),
              Usage.NONE,
              node.path("version").asText());
    }
    return new JudgedAttempt(
        TierName.valueOf(node.path("tier").asText()),
        attempt,
        Verdict.valueOf(node.path("verdict").asText()),
        Money.ZERO,
        Duration.ZERO);
  }
}
