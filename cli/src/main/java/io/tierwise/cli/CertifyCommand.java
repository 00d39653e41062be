package io.tierwise.cli;

import io.tierwise.distill.certify.AuditedAnswers;
import io.tierwise.distill.certify.AuditedAnswers.Audit;
import io.tierwise.distill.certify.CertifyJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.Review;
import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill certify}. */
@Command(
    name = "certify",
    mixinStandardHelpOptions = true,
    header = "Tests a student against its task's contract.",
    description = {
      "Tests a student against its task's contract on audited answers, and keeps the certificate.",
      "With --publish a certified student goes live and its gate is opened.",
      "Every run spends one of the task's tests, for good: the next one is tested more strictly."
    })
final class CertifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TaskOption task;

  @Option(names = "--artifact", required = true, paramLabel = "DIR", description = "The student.")
  private Path artifact;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A uniform sample of traffic, never trained on; without it, the audits.")
  private @Nullable Path data;

  @Option(
      names = "--reference-field",
      defaultValue = "reference",
      description = "The large model's answer in --data (default: ${DEFAULT-VALUE}).")
  private String referenceField;

  @Option(
      names = "--against-people",
      description = "Tests on what people said of drawn answers (review judge), and keeps nothing.")
  private boolean againstPeople;

  @Option(names = "--publish", description = "When certified, make it live and open its gate.")
  private boolean publish;

  @Override
  public Integer call() throws IOException {
    TaskOption.Chosen chosen = task.load();
    if (againstPeople && (publish || data != null)) {
      throw new InvalidValueException(
          "--against-people",
          "the gate is watched against the large model",
          "leave --publish and --data out");
    }
    try (Database database = Database.open(chosen.config().data());
        Student student = Student.load(Artifact.open(artifact))) {
      List<Audit> audited = audited(chosen, database);
      GateStore gates = new GateStore(database, Clock.systemUTC());
      String name = chosen.settings().name();
      Certification certification =
          CertifyJob.certifyJointly(
              student, chosen.settings().contract(), gates.spendTest(name), audited);
      return switch (certification) {
        case Certification.Certified certified -> {
          if (againstPeople) {
            print("against people", certified.certificate());
            yield 0;
          }
          String version = student.artifact().manifest().version();
          if (chosen.settings().contract().perTenant()) {
            SliceStore slices = new SliceStore(database, gates, Clock.systemUTC());
            CertifyJob.certifyEachTenant(
                    student,
                    chosen.settings().contract(),
                    certified.certificate().testIndex(),
                    audited)
                .forEach((tenant, ended) -> slices.keep(name, version, tenant, ended));
          }
          String id = gates.keep(name, version, certified.certificate());
          print(id, certified.certificate());
          if (publish) {
            goLive(chosen, gates, version, id);
          }
          yield 0;
        }
        case Certification.Withheld withheld -> {
          spec.commandLine()
              .getOut()
              .printf(
                  "not certified (test %d): %s; %d samples, at least %d needed%n",
                  withheld.testIndex(), withheld.reason(), withheld.samples(), withheld.needed());
          yield Main.REFUSED;
        }
      };
    }
  }

  /** The registry first, the gate last: a gate never names an artifact that is not there. */
  private void goLive(TaskOption.Chosen chosen, GateStore gates, String version, String certificate)
      throws IOException {
    String name = chosen.settings().name();
    Registry registry = chosen.config().registry(Clock.systemUTC());
    registry.publish(artifact);
    String reason = "certified by " + certificate;
    registry.point(name, Registry.LIVE, version, reason);
    gates.open(name, version, certificate, reason);
    spec.commandLine().getOut().printf("%s is live, and the gate of %s is open%n", version, name);
  }

  private List<Audit> audited(TaskOption.Chosen chosen, Database database) throws IOException {
    if (againstPeople) {
      return judged(chosen, database);
    }
    if (data != null) {
      return AnsweredFile.read(data, referenceField).stream().map(Audit::of).toList();
    }
    Clock clock = Clock.systemUTC();
    Path keyFile = CorpusStore.keyFile(chosen.config().data());
    return AuditedAnswers.of(
        CorpusStore.open(database, clock, keyFile, new SecureRandom()),
        new AuditStore(database, clock),
        new GateStore(database, clock),
        chosen.settings().name());
  }

  /** What people said takes the large model's place; a draw by chance makes it a fair sample. */
  private static List<Audit> judged(TaskOption.Chosen chosen, Database database) {
    Clock clock = Clock.systemUTC();
    Path keyFile = CorpusStore.keyFile(chosen.config().data());
    List<Audit> audits = new ArrayList<>();
    for (Review review :
        new ReviewStore(
                database, clock, CorpusStore.open(database, clock, keyFile, new SecureRandom()))
            .all(chosen.settings().name())) {
      Label label = review.label();
      if (label != null) {
        audits.add(Audit.of(Answered.with(review.text(), label)));
      }
    }
    return audits;
  }

  private void print(String id, Certificate certificate) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "certificate %s: %d of %d lost, p = %.4g at most %.4g; covers %.1f %%; thresholds %s%n",
            id,
            certificate.losses(),
            certificate.samples(),
            certificate.pValue(),
            certificate.deltaSpent(),
            100 * certificate.coverage(),
            certificate.thresholds().byTier());
  }
}
