package io.tierwise.aws.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.aws.s3.BadArtifacts.Case;
import io.tierwise.aws.s3.BadArtifacts.Refusal;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import io.tierwise.student.onnx.Target;
import io.tierwise.student.registry.CuratedRegistry;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way in which an artifact is refused, by the same sentence wherever it comes from: a
 * directory, a registry in a directory, a registry in a bucket. The table of docs/students.md is
 * held to it; with {@code -Dtierwise.write-documents=true} it is written.
 */
class RefusedArtifactsTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("tierwise.home")).resolve("docs/students.md");
  private static final String BEGIN = "<!-- refused artifacts -->\n";
  private static final String END = "<!-- end -->";

  @TempDir private static Path work;
  private static LocalS3 s3;
  private static int directories;

  @BeforeAll
  static void start() throws Exception {
    s3 = new LocalS3();
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void everyOneIsRefusedByTheSameSentenceFromWhereverItComes() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("| what is wrong | refused when | what is said |");
    lines.add("|---|---|---|");
    for (Case each : BadArtifacts.cases()) {
      String sentence = fromADirectory(each);
      assertEquals(sentence, fromARegistry(each), each.name());
      assertEquals(sentence, fromABucket(each), each.name());
      lines.add(
          "| %s | %s | `%s` |"
              .formatted(each.name(), each.refusal(), sentence.replace("|", "\\|")));
    }
    holds(String.join("\n", lines) + "\n");
  }

  @Test
  void aGraphCompiledForAnotherMachineIsRefusedByNameAndThePortableOneAnswers() throws IOException {
    List<String> said = new ArrayList<>();
    Handler listener = new Listener(said);
    Logger log = Logger.getLogger("io.tierwise.student.model.Head");
    log.addHandler(listener);
    try (Student student = Student.load(BadArtifacts.foreign(next()))) {
      assertArrayEquals(
          new double[] {1, -2}, student.predict(new Input.Features(new float[] {1, 2})).logits());
    } finally {
      log.removeHandler(listener);
    }
    assertEquals(1, said.size());
    assertEquals(
        "was compiled for another machine, and this is "
            + Target.here()
            + ": its portable graph is used",
        said.getFirst().substring(said.getFirst().indexOf("was compiled")));
  }

  private static String fromADirectory(Case each) throws IOException {
    Path directory = each.making().in(next()).directory();
    Map<String, byte[]> files = files(directory);
    each.damage().on(files);
    replace(directory, files);
    return refusal(each, directory.toString(), () -> Artifact.open(directory, each.trust()));
  }

  private static String fromARegistry(Case each) throws IOException {
    Path root = next();
    CuratedRegistry registry = new DirectoryRegistry(root, Clock.systemUTC());
    Artifact published = registry.publish(each.making().in(next()).directory());
    point(registry, published);
    Map<String, byte[]> files = files(published.directory());
    each.damage().on(files);
    replace(published.directory(), files);
    return refusal(
        each,
        published.directory().toString(),
        () -> resolved(new DirectoryRegistry(root, Clock.systemUTC(), each.trust(), null)));
  }

  private static String fromABucket(Case each) throws IOException {
    String bucket = s3.bucket();
    CuratedRegistry registry =
        new S3Registry(s3.client(), bucket, "registry", next(), Clock.systemUTC());
    Artifact published = registry.publish(each.making().in(next()).directory());
    point(registry, published);
    Map<String, byte[]> files = files(published.directory());
    each.damage().on(files);
    String version = published.manifest().version();
    String prefix = "registry/" + BadArtifacts.TASK + "/versions/" + version + "/";
    Objects objects = new Objects(s3.client(), bucket);
    for (Objects.Listed object : objects.list(prefix)) {
      objects.delete(object.key());
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      objects.put(prefix + file.getKey(), file.getValue());
    }
    Path copies = next();
    String place =
        each.refusal() == Refusal.OPENING
            ? "s3://" + bucket + "/registry/" + BadArtifacts.TASK + "/versions/" + version
            : copies.resolve(BadArtifacts.TASK).resolve(version).toString();
    return refusal(
        each,
        place,
        () ->
            resolved(
                new S3Registry(
                    s3.client(), bucket, "registry", copies, Clock.systemUTC(), each.trust())));
  }

  private static void point(CuratedRegistry registry, Artifact published) throws IOException {
    registry.point(
        BadArtifacts.TASK, Registry.LIVE, published.manifest().version(), "sound as yet");
  }

  private static Artifact resolved(CuratedRegistry registry) throws IOException {
    return registry.resolve(BadArtifacts.TASK, Registry.LIVE).orElseThrow();
  }

  @FunctionalInterface
  private interface Opening {
    Artifact open() throws IOException;
  }

  /** The sentence that a person gets, without the directory that the artifact is in. */
  private static String refusal(Case each, String place, Opening opening) throws IOException {
    try {
      Artifact opened = opening.open();
      assertEquals(Refusal.LOADING, each.refusal(), each.name() + " was opened");
      Student.load(opened).close();
    } catch (InvalidValueException e) {
      String field = e.field().replace(place + "/", "").replace(place, "");
      return field + ": " + e.trouble().replace(place + "/", "") + "; " + e.fix();
    }
    throw new AssertionError(each.name() + " was taken");
  }

  private static Path next() {
    directories++;
    return work.resolve("directory-" + directories);
  }

  private static Map<String, byte[]> files(Path directory) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static void replace(Path directory, Map<String, byte[]> files) throws IOException {
    for (String name : files(directory).keySet()) {
      Files.delete(directory.resolve(name));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }

  private static void holds(String table) throws IOException {
    String document = Files.readString(DOCUMENT);
    int start = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END, start);
    if (Boolean.getBoolean("tierwise.write-documents")) {
      Files.writeString(DOCUMENT, document.substring(0, start) + table + document.substring(end));
    } else {
      assertEquals(document.substring(start, end), table);
    }
  }

  /** Keeps what is logged. */
  private static final class Listener extends Handler {
    private final List<String> said;

    Listener(List<String> said) {
      this.said = said;
    }

    @Override
    public void publish(LogRecord logged) {
      said.add(logged.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
