package io.tierwise.gateway.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.contract.AuditMonitor;
import io.tierwise.router.drift.LabelMix;
import io.tierwise.router.drift.PinnedAnswers;
import io.tierwise.router.drift.Strangeness;
import io.tierwise.router.request.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** The state of what names drifts, as JSON. Doubles keep every bit. */
final class StoredDrift {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredDrift() {}

  static String text(DriftWatch watch) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode labels = node.putArray("labels");
    watch.labels().forEach(label -> labels.add(label.value()));
    ObjectNode mix = node.putObject("mix");
    mix.put("alpha", watch.mix().alpha()).put("looks", watch.mix().looks());
    ArrayNode counts = mix.putArray("counts");
    watch.mix().counts().forEach(counts::add);
    ArrayNode recent = mix.putArray("recent");
    watch.mix().recent().forEach(recent::add);
    node.put("artifact", watch.artifact());
    ObjectNode strangeness = node.putObject("strangeness");
    ArrayNode grades = strangeness.putArray("counts");
    watch.strangeness().counts().forEach(grades::add);
    AuditMonitor monitor = watch.strangeness().monitor();
    strangeness
        .put("epsilon", monitor.epsilon())
        .put("alpha", monitor.alpha())
        .put("audits", monitor.audits())
        .put("bet", monitor.bet())
        .put("recentRisk", monitor.recentRisk())
        .put("rang", monitor.rang());
    node.put("lastAudit", watch.lastAudit());
    return node.toString();
  }

  static DriftWatch watch(String text) {
    JsonNode node = parse(text);
    List<Label> labels = new ArrayList<>();
    node.required("labels").forEach(label -> labels.add(new Label(label.textValue())));
    JsonNode mix = node.required("mix");
    List<Integer> recent = new ArrayList<>();
    mix.required("recent").forEach(category -> recent.add(category.intValue()));
    JsonNode strangeness = node.required("strangeness");
    return new DriftWatch(
        labels,
        new LabelMix(
            mix.required("alpha").doubleValue(),
            mix.required("looks").intValue(),
            counts(mix),
            recent),
        node.required("artifact").textValue(),
        new Strangeness(
            counts(strangeness),
            new AuditMonitor(
                strangeness.required("epsilon").doubleValue(),
                strangeness.required("alpha").doubleValue(),
                strangeness.required("audits").longValue(),
                strangeness.required("bet").doubleValue(),
                strangeness.required("recentRisk").doubleValue(),
                strangeness.required("rang").booleanValue())),
        node.required("lastAudit").longValue());
  }

  static String text(PinnedAnswers state) {
    return JSON.createObjectNode()
        .put("alpha", state.alpha())
        .put("floor", state.floor())
        .put("rounds", state.rounds())
        .put("small", state.small())
        .put("middle", state.middle())
        .put("large", state.large())
        .put("rang", state.rang())
        .toString();
  }

  static PinnedAnswers pinned(String text) {
    JsonNode node = parse(text);
    return new PinnedAnswers(
        node.required("alpha").doubleValue(),
        node.required("floor").doubleValue(),
        node.required("rounds").longValue(),
        node.required("small").doubleValue(),
        node.required("middle").doubleValue(),
        node.required("large").doubleValue(),
        node.required("rang").booleanValue());
  }

  private static List<Long> counts(JsonNode node) {
    return StreamSupport.stream(node.required("counts").spliterator(), false)
        .map(JsonNode::longValue)
        .toList();
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the state of a watch for drifts is no JSON: " + text, e);
    }
  }
}
