package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.AuditConfig;
import io.tierwise.gateway.config.TierwiseConfig.CorpusConfig;
import io.tierwise.gateway.config.TierwiseConfig.FlywheelConfig;
import io.tierwise.student.artifact.Shape;
import java.util.List;

/** Reads what a task learns by: its audits, its corpus, its flywheel. */
final class LearningReader {
  private LearningReader() {}

  static AuditConfig audit(Section section) {
    AuditConfig audit =
        new AuditConfig(
            section.value("shutRate", Kind.CLOSED_SHARE, "0.3"),
            section.value("openRate", Kind.CLOSED_SHARE, "0.05"),
            section.optional("dailyLimit", Kind.AMOUNT).orElse(null),
            section.value("repeatRate", Kind.CLOSED_SHARE, "0"),
            section.value("reviewRate", Kind.CLOSED_SHARE, "0"),
            section.value("probes", Kind.PROBES, "0"),
            section.value("probeInterval", Kind.SPAN, "24h"));
    section.refuseOtherKeys();
    return audit;
  }

  static CorpusConfig corpus(Section section) {
    CorpusConfig corpus =
        new CorpusConfig(
            section.value("keep", Kind.YES_OR_NO, "true"),
            section.value("timeToLive", Kind.SPAN, "90d"));
    section.refuseOtherKeys();
    return corpus;
  }

  static FlywheelConfig flywheel(Section section) {
    FlywheelConfig flywheel =
        new FlywheelConfig(
            section.value("enabled", Kind.YES_OR_NO, "false"),
            section.value("newRows", Kind.whole(40, 10_000_000), "1000"),
            section.value("rowsAfterAlarm", Kind.whole(40, 10_000_000), "300"),
            section.value("canaryShare", Kind.OPEN_SHARE, "0.1"),
            section.value("canaryAudits", Kind.whole(1, 1_000_000), "10"),
            students(section),
            section.value("line", Kind.YES_OR_NO, "false"));
    section.refuseOtherKeys();
    return flywheel;
  }

  private static List<Shape> students(Section section) {
    List<Section.Item<Shape>> shapes = section.values("students", Kind.STUDENT);
    return shapes.isEmpty()
        ? FlywheelConfig.QUICK
        : shapes.stream().map(Section.Item::value).distinct().toList();
  }
}
