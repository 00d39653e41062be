package io.tierwise.gateway.contract;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.flywheel.Due;
import io.tierwise.gateway.flywheel.FlywheelStatus;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.TrainingRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a flywheel stands, for programs and for people. */
final class FlywheelRenderer {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private FlywheelRenderer() {}

  static ObjectNode json(FlywheelStatus status) {
    ObjectNode root = JSON.createObjectNode();
    root.put("enabled", status.enabled());
    Due due = status.due();
    root.put("rows", due.rows()).put("rows_needed", due.rowsNeeded());
    root.put("audits", due.audits()).put("audits_needed", due.auditsNeeded());
    KeptCertificate trial = status.onTrial();
    root.put("on_trial", trial == null ? null : trial.artifact());
    root.put("trial_audits", trial == null ? 0 : status.trialAudits());
    root.put("trial_audits_needed", status.trialNeeded());
    root.set("last_run", json(status.lastRun()));
    root.set("last_error", json(status.lastTrouble()));
    return root;
  }

  private static @Nullable ObjectNode json(@Nullable TrainingRun run) {
    if (run == null) {
      return null;
    }
    ObjectNode node = JSON.createObjectNode();
    node.put("reason", run.reason());
    node.put("started", run.startedAt().toString());
    Instant ended = run.endedAt();
    node.put("ended", ended == null ? null : ended.toString());
    node.put("outcome", run.outcome().text());
    node.put("detail", run.detail());
    node.put("artifact", run.artifact());
    return node;
  }

  static String text(FlywheelStatus status, String indent) {
    List<String> lines = new ArrayList<>();
    KeptCertificate trial = status.onTrial();
    if (trial != null) {
      lines.add(
          "%s is on trial: %d of %d audits"
              .formatted(trial.artifact(), status.trialAudits(), status.trialNeeded()));
    }
    Due due = status.due();
    lines.add(
        "%d of %d answers and %d of %d audits for the next training"
            .formatted(due.rows(), due.rowsNeeded(), due.audits(), due.auditsNeeded()));
    TrainingRun last = status.lastRun();
    if (last != null) {
      lines.add("last run   " + words(last));
    }
    TrainingRun trouble = status.lastTrouble();
    if (trouble != null && (last == null || trouble.number() != last.number())) {
      lines.add("last error " + words(trouble));
    }
    return String.join(indent, lines);
  }

  private static String words(TrainingRun run) {
    String detail = run.detail().isEmpty() ? "" : ": " + run.detail();
    return "%s, %s (%s)%s".formatted(run.startedAt(), run.outcome().text(), run.reason(), detail);
  }
}
