package io.tierwise.aws.student;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The inside of the student function. It holds a task's live student and the one on trial, or,
 * where there is no registry, the one artifact that came in the package.
 */
public final class StudentService {
  private static final List<String> SERVED = List.of(Registry.LIVE, Registry.CANARY);

  private final Map<String, List<Student>> loaded = new ConcurrentHashMap<>();
  private final @Nullable Registry registry;

  /**
   * Loads the package's own artifact, and has it answer once.
   *
   * @param bundled null when the package has none
   * @param registry null when only the package's artifact is served
   */
  public StudentService(@Nullable Artifact bundled, @Nullable Registry registry)
      throws IOException {
    this.registry = registry;
    if (bundled != null) {
      loaded.put(bundled.manifest().task(), List.of(Student.load(bundled)));
    }
  }

  /** Loads the students of these tasks, as far as there are any, before the first request. */
  public void prime(List<String> tasks) throws IOException {
    for (String task : tasks) {
      Input sample = new Input.Text("prime");
      for (Student student : follow(task)) {
        if (student.reads(sample)) {
          student.predict(sample);
        }
      }
    }
  }

  /**
   * @throws InvalidValueException when the request is wrong, or asks for what is not served
   */
  public byte[] answer(InputStream body) throws IOException {
    StudentRequest request = StudentRequest.decode(body);
    Optional<Student> known = fitting(loaded.getOrDefault(request.task(), List.of()), request);
    Student student =
        (known.isPresent() ? known : fitting(follow(request.task()), request))
            .orElseThrow(() ->
                new InvalidValueException(
                    "artifact",
                    request.artifact() + " of " + request.task() + " is not live here",
                    "publish it, or wait until the alias has moved everywhere"));
    return new StudentResponse(student.version(), student.predict(request.inputs())).encode();
  }

  /** The version that is asked for, or else the live one. */
  private static Optional<Student> fitting(List<Student> students, StudentRequest request) {
    return students.stream()
        .filter(
            student -> request.artifact() == null || request.artifact().equals(student.version()))
        .findFirst();
  }

  /** Loads what the aliases name now, the live one first, and closes what they do not. */
  private synchronized List<Student> follow(String task) throws IOException {
    List<Student> before = loaded.getOrDefault(task, List.of());
    if (registry == null) {
      return before;
    }
    List<Student> now = new ArrayList<>();
    for (String alias : SERVED) {
      Optional<Artifact> artifact = registry.resolve(task, alias);
      if (artifact.isPresent() && version(now, artifact.get()).isEmpty()) {
        Optional<Student> known = version(before, artifact.get());
        now.add(known.isPresent() ? known.get() : Student.load(artifact.get()));
      }
    }
    if (now.isEmpty()) {
      return before;
    }
    loaded.put(task, List.copyOf(now));
    before.stream().filter(student -> !now.contains(student)).forEach(Student::close);
    return now;
  }

  private static Optional<Student> version(List<Student> students, Artifact artifact) {
    return students.stream()
        .filter(student -> student.version().equals(artifact.manifest().version()))
        .findFirst();
  }
}
