package io.tierwise.aws.student;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The inside of the student function. It holds one student for each task: the live one of the
 * registry, or, where there is no registry, the one artifact that came in the package.
 */
public final class StudentService {
  private final Map<String, Student> loaded = new ConcurrentHashMap<>();
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
      loaded.put(bundled.manifest().task(), Student.load(bundled));
    }
  }

  /** Loads the live students of these tasks, as far as there are any, before the first request. */
  public void prime(List<String> tasks) throws IOException {
    for (String task : tasks) {
      Student student = live(task);
      Input sample = new Input.Text("prime");
      if (student != null && student.reads(sample)) {
        student.predict(sample);
      }
    }
  }

  /**
   * @throws InvalidValueException when the request is wrong, or asks for what is not live
   */
  public byte[] answer(InputStream body) throws IOException {
    StudentRequest request = StudentRequest.decode(body);
    Student student = loaded.get(request.task());
    if (student == null || !fits(student, request)) {
      student = live(request.task());
    }
    if (student == null || !fits(student, request)) {
      throw new InvalidValueException(
          "artifact",
          request.artifact() + " of " + request.task() + " is not live here",
          "publish it, or wait until the alias has moved everywhere");
    }
    return new StudentResponse(student.version(), student.predict(request.inputs())).encode();
  }

  private static boolean fits(Student student, StudentRequest request) {
    return request.artifact() == null || request.artifact().equals(student.version());
  }

  private synchronized @Nullable Student live(String task) throws IOException {
    Student before = loaded.get(task);
    if (registry == null) {
      return before;
    }
    Optional<Artifact> artifact = registry.resolve(task, Registry.LIVE);
    if (artifact.isEmpty()
        || (before != null && before.version().equals(artifact.get().manifest().version()))) {
      return before;
    }
    Student next = Student.load(artifact.get());
    loaded.put(task, next);
    if (before != null) {
      before.close();
    }
    return next;
  }
}
