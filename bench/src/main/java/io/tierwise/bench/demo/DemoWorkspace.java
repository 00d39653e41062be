package io.tierwise.bench.demo;

import io.tierwise.bench.demo.Stream.Utterance;
import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.cycle.StudentCycle;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.transfer.TransferJob;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The demo's directory, and the steps that read or write it. */
final class DemoWorkspace {
  /** Marks a directory as the demo's own, so that emptying it loses nobody's work. */
  private static final String MARKER = "made-by-tierwise-demo";

  private static final Pattern OPEN_GATE =
      Pattern.compile("tierwise_gate_state\\{(?=[^}]*state=\"open\")[^}]*} 1(\\.0)?\\s");
  private static final Pattern NO_AUDIT_WAITS =
      Pattern.compile("tierwise_audit_queue_depth(\\{[^}]*})? 0(\\.0)?\\s");

  private final DemoOptions options;
  private final Clock clock = Clock.systemUTC();

  private DemoWorkspace(DemoOptions options) {
    this.options = options;
  }

  /**
   * Empties the directory of an earlier demo.
   *
   * @throws IOException when the directory holds something else
   */
  static DemoWorkspace fresh(DemoOptions options) throws IOException {
    Path work = options.work();
    if (Files.exists(work) && !Files.exists(work.resolve(MARKER)) && !isEmpty(work)) {
      throw new IOException(work + " holds something else than a demo; give another --data");
    }
    if (Files.exists(work)) {
      deleteContent(work);
    }
    Files.createDirectories(work);
    Files.createFile(work.resolve(MARKER));
    return new DemoWorkspace(options);
  }

  Path data() {
    return options.work().resolve("data");
  }

  Path ledger() {
    return data().resolve("ledger");
  }

  Path write(String name, String content) throws IOException {
    return Files.writeString(options.work().resolve(name), content);
  }

  List<Label> labels(List<Utterance> utterances) {
    return utterances.stream()
        .map(utterance -> utterance.human().value())
        .distinct()
        .sorted()
        .map(Label::new)
        .toList();
  }

  Path trainTeacher(List<Utterance> lessons, List<Label> labels, Progress progress)
      throws IOException {
    List<Answered> examples =
        lessons.stream().map(lesson -> Answered.with(lesson.text(), lesson.human())).toList();
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      return TransferJob.run(
              new Task.Classification(Demo.TASK, labels),
              examples,
              encoder,
              options.work().resolve("teacher"),
              clock,
              progress)
          .directory();
    }
  }

  double teacherAccuracy(Path head, List<Utterance> heldOut) throws IOException {
    try (Student teacher = Student.load(Artifact.open(head))) {
      List<Prediction> answers =
          teacher.predict(
              heldOut.stream().<Input>map(each -> new Input.Text(each.text())).toList());
      long right =
          IntStream.range(0, heldOut.size())
              .filter(i -> answers.get(i).label().equals(heldOut.get(i).human()))
              .count();
      return (double) right / heldOut.size();
    }
  }

  String issueKey(Tenant tenant) {
    try (Database database = Database.open(data())) {
      return new KeyStore(database, clock, new SecureRandom())
          .add(tenant, "the demo's client")
          .secretKey();
    }
  }

  /** A key that opens the console. */
  String issueAdminKey() {
    try (Database database = Database.open(data())) {
      return new KeyStore(database, clock, new SecureRandom())
          .addAdmin("the demo's console")
          .secretKey();
    }
  }

  ChildProcess startTeacher(Path head) throws IOException {
    return ChildProcess.start(
        options.tierwise(),
        List.of("teacher", "--artifact", head.toString(), "--port", "0"),
        options.work().resolve("teacher.log"));
  }

  ChildProcess startGateway(String teacherUrl, List<Label> labels) throws IOException {
    Path config = write("tierwise.yaml", configuration(teacherUrl, labels));
    return ChildProcess.start(
        options.tierwise(),
        List.of("serve", "--config", config.toString(), "--seed", String.valueOf(options.seed())),
        options.work().resolve("gateway.log"));
  }

  /** Distils, calibrates, certifies and publishes, on the answers that the gateway has kept. */
  StudentCycle.Result teachStudent(List<Label> labels, Progress progress) throws IOException {
    try (Database database = Database.open(data());
        SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      StudentCycle.Stores stores = StudentCycle.Stores.of(database, data(), clock);
      return StudentCycle.run(
          DistillSpec.of(new Task.Classification(Demo.TASK, labels), options.seed()),
          options.contract(),
          stores,
          options.work().resolve("student"),
          new DistillJob.Workshop(encoder, options.cache(), clock, progress));
    }
  }

  /** Waits until the gateway lets the certified student answer; at once where there is none. */
  static void awaitGate(ChildProcess gateway, StudentCycle.Result student) throws IOException {
    if (student.artifact() != null) {
      GatewayWatch.await(gateway.url(), OPEN_GATE, "the gate is open");
    }
  }

  /** Waits until every audit drawn so far is made. */
  static void awaitAudits(ChildProcess gateway) throws IOException {
    GatewayWatch.await(gateway.url(), NO_AUDIT_WAITS, "no audit waits");
  }

  private String configuration(String teacherUrl, List<Label> labels) {
    return """
    server:
      host: 127.0.0.1
      port: %d
    data: %s
    upstreams:
      teacher:
        url: %s
        protocol: invocations
        model: support-desk
    tasks:
      - name: %s
        labels: [%s]
        contract:
          epsilon: %s
          delta: %s
        large:
          upstream: teacher
          price: gpt-4o
    """
        .formatted(
            options.port(),
            data(),
            teacherUrl,
            Demo.TASK,
            labels.stream().map(Label::value).collect(Collectors.joining(", ")),
            options.contract().epsilon(),
            options.contract().delta());
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (java.util.stream.Stream<Path> content = Files.list(directory)) {
      return content.findAny().isEmpty();
    }
  }

  private static void deleteContent(Path directory) throws IOException {
    try (java.util.stream.Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(directory)) {
          Files.delete(path);
        }
      }
    }
  }
}
