package io.tierwise.cli;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/** What the jobs that learn from a file have in common. */
final class Learning {
  private Learning() {}

  /** A task of all labels that the examples have. */
  static Task.Classification task(String name, List<Answered> examples) {
    return new Task.Classification(
        name,
        examples.stream()
            .map(example -> example.label().value())
            .distinct()
            .sorted()
            .map(Label::new)
            .toList());
  }

  /** The task that an artifact answers. */
  static Task.Classification task(Artifact artifact) {
    return new Task.Classification(
        artifact.manifest().task(), artifact.manifest().labels().stream().map(Label::new).toList());
  }

  static Workshop workshop(SentenceEncoder encoder, ProgressOption progress) throws IOException {
    return new Workshop(encoder, Installation.cache(), Clock.systemUTC(), progress.watch());
  }
}
