package io.tierwise.bench.demo;

import io.tierwise.bench.Outcome;
import io.tierwise.bench.demo.Stream.Utterance;
import io.tierwise.distill.Progress;
import io.tierwise.distill.cycle.StudentCycle;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.report.JsonReport;
import io.tierwise.gateway.report.ReportRenderer;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The main job: a support desk's questions go through the gateway to a large model, a student
 * learns from its answers, proves itself, and takes over what it can.
 */
public final class Demo {
  static final String TASK = "support-desk";
  private static final Tenant TENANT = new Tenant("acme");

  private final DemoOptions options;
  private final PrintWriter out;
  private final Progress progress;

  private Demo(DemoOptions options, PrintWriter out, Progress progress) {
    this.options = options;
    this.out = out;
    this.progress = progress;
  }

  /** What a run leaves: its figures, and what still serves when it was told to keep it. */
  public record Finished(Outcome outcome, AutoCloseable serving) {}

  /**
   * Runs the whole demo.
   *
   * @throws IOException when a process does not start or a file cannot be written
   */
  public static Finished run(DemoOptions options, PrintWriter out, Progress progress)
      throws IOException {
    return new Demo(options, out, progress).run();
  }

  private Finished run() throws IOException {
    DemoWorkspace workspace = DemoWorkspace.fresh(options);
    List<Utterance> lessons = Stream.read(options.texts("teacher"));
    List<Utterance> pool = Stream.read(options.texts("stream"));
    List<Label> labels = workspace.labels(lessons);

    out.printf(
        Locale.ROOT,
        "1  A large model: training its local stand-in on %d texts of its own%n",
        lessons.size());
    Path head = workspace.trainTeacher(lessons, labels, progress);
    out.printf(
        Locale.ROOT,
        "   right on %.1f %% of %d held-out texts%n",
        100 * workspace.teacherAccuracy(head, Stream.read(options.texts("heldout"))),
        Stream.read(options.texts("heldout")).size());

    String key = workspace.issueKey(TENANT);
    ChildProcess teacher = workspace.startTeacher(head);
    ChildProcess gateway = workspace.startGateway(teacher.url(), labels);
    try {
      Outcome outcome = serve(workspace, teacher, gateway, key, pool, labels);
      if (options.keep()) {
        out.println();
        out.printf(
            Locale.ROOT, "Still serving at %s/v1 (model %s); key %s%n", gateway.url(), TASK, key);
        out.printf(
            Locale.ROOT,
            "Console at %s/console; key %s%n",
            gateway.url(),
            workspace.issueAdminKey());
        return new Finished(outcome, () -> close(gateway, teacher));
      }
      close(gateway, teacher);
      return new Finished(outcome, () -> {});
    } catch (IOException | RuntimeException e) {
      close(gateway, teacher);
      throw e;
    }
  }

  private Outcome serve(
      DemoWorkspace workspace,
      ChildProcess teacher,
      ChildProcess gateway,
      String key,
      List<Utterance> pool,
      List<Label> labels)
      throws IOException {
    List<Utterance> stream = Stream.draw(pool, options.requests(), options.seed());
    int half = options.requests() / 2;
    try (SupportDeskClient client = new SupportDeskClient(gateway.url(), key, TASK)) {
      out.println();
      out.printf(Locale.ROOT, "2  Observe: %d requests, the large model answers them all%n", half);
      Phase observed = new Phase("observe").run(client, stream.subList(0, half), progress);
      observed.print(out);

      out.println();
      out.printf(
          Locale.ROOT,
          "3  A student: distilled from those answers, calibrated, certified, published%n");
      StudentCycle.Result student = workspace.teachStudent(labels, progress);
      describe(student);
      DemoWorkspace.awaitGate(gateway, student);

      List<Utterance> rest = stream.subList(half, stream.size());
      out.println();
      out.printf(
          Locale.ROOT,
          "4  The rest: %d requests, each from the cheapest tier that is good enough%n",
          rest.size());
      Phase served = new Phase("serve").run(client, rest, progress);
      served.print(out);
      DemoWorkspace.awaitAudits(gateway);

      Map<String, Label> references = LargeAnswers.ask(teacher.url(), rest, progress);
      Outcome outcome =
          served.outcome(
              references,
              options.contract().epsilon(),
              student.certification() instanceof Certification.Certified,
              student.seconds());
      summarise(outcome, served.disagreementOf(TierName.STUDENT, references));
      reconcile(workspace, observed, served);
      return outcome;
    }
  }

  private void describe(StudentCycle.Result student) {
    out.printf(
        Locale.ROOT,
        "   trained on %d answers in %.1f s, certified on %d audited ones it never saw%n",
        student.trained(),
        student.seconds(),
        student.audited());
    switch (student.certification()) {
      case Certification.Certified certified ->
          out.printf(
              Locale.ROOT,
              "   certified: %d of %d lost at the threshold (p = %.4f <= %.4f), covers %.1f %%%n",
              certified.certificate().losses(),
              certified.certificate().samples(),
              certified.certificate().pValue(),
              certified.certificate().deltaSpent(),
              100 * certified.certificate().coverage());
      case Certification.Withheld withheld ->
          out.printf(
              Locale.ROOT,
              "   not certified: %s (%d samples, %d needed); the gate stays shut%n",
              withheld.reason(),
              withheld.samples(),
              withheld.needed());
    }
  }

  private void summarise(Outcome outcome, double studentAlone) {
    out.println();
    out.printf(
        Locale.ROOT,
        "   disagreement with the large model %.2f %%, certified at most %.0f %% (confidence %.0f %%)%n",
        100 * outcome.disagreement(),
        100 * outcome.epsilon(),
        100 * (1 - options.contract().delta()));
    out.printf(
        Locale.ROOT,
        "   (among the student's own answers %.1f %%: the contract is over all answers)%n",
        100 * studentAlone);
    out.printf(
        Locale.ROOT,
        "   right by human labels %.1f %% (the large model alone: %.1f %%)%n",
        100 * outcome.accuracy(),
        100 * outcome.largeAccuracy());
    out.printf(
        Locale.ROOT,
        "   cost $%s per 1,000 requests against $%s all large: %.1f %% saved%n",
        Phase.perThousand(outcome.cost(), outcome.requests()),
        Phase.perThousand(outcome.costAllLarge(), outcome.requests()),
        100 * outcome.saving().doubleValue());
  }

  /** The ledger must say what the client saw, to the last digit. */
  private void reconcile(DemoWorkspace workspace, Phase observed, Phase served) throws IOException {
    CostReport report;
    try (java.util.stream.Stream<LedgerEntry> entries = LedgerReader.read(workspace.ledger())) {
      report = CostReport.of(List.of(Dimension.TASK, Dimension.TIER), entries);
    }
    out.println();
    out.printf(Locale.ROOT, "5  The bill, both halves%n");
    out.println(ReportRenderer.table(report));
    Path file = workspace.write("report.json", JsonReport.of(report));
    boolean equal =
        report.total().cost().equals(observed.cost().plus(served.cost()))
            && report.total().counterfactual().equals(observed.allLarge().plus(served.allLarge()));
    if (!equal) {
      throw new IllegalStateException(
          "the ledger's totals differ from the client's own: "
              + report.total()
              + " against "
              + observed.cost().plus(served.cost()));
    }
    out.printf(
        Locale.ROOT, "   The ledger's totals equal the client's own sums to the last digit.%n");
    out.printf(Locale.ROOT, "   Report: %s%n", file);
    out.printf(Locale.ROOT, "   Again:  ./tierwise report --data %s%n", workspace.data());
  }

  private static void close(ChildProcess gateway, ChildProcess teacher) {
    gateway.close();
    teacher.close();
  }
}
