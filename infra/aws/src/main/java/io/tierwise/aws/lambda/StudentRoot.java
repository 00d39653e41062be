package io.tierwise.aws.lambda;

import io.tierwise.aws.student.StudentService;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** The composition root of the student function. */
public final class StudentRoot {
  private StudentRoot() {}

  /** Everything is loaded and has answered once before this returns: it becomes the snapshot. */
  public static StudentService open(Environment environment) {
    try {
      Natives.usePackaged(environment.taskRoot());
      Path bundled = environment.taskRoot().resolve("artifact");
      StudentService service =
          new StudentService(
              Files.exists(bundled) ? Artifact.open(bundled, environment.trust()) : null,
              Registries.of(environment, Clock.systemUTC()));
      service.prime(environment.tasks());
      return service;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("the student cannot be loaded", e);
    }
  }
}
