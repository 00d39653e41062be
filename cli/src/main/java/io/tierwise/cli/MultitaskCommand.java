package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.distill.encoder.MultitaskJob;
import io.tierwise.distill.encoder.MultitaskJob.Subject;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill multitask}. */
@Command(
    name = "multitask",
    mixinStandardHelpOptions = true,
    description =
        "Trains one encoder trunk for several tasks, with a head for each; --out gets a directory for"
            + " each task.")
final class MultitaskCommand implements Callable<Integer> {
  @Mixin private ProgressOption progress;
  @Mixin private OutcomeOption outcome;

  @Option(
      names = "--task",
      required = true,
      paramLabel = "NAME=FILE",
      description = "A task and its answers as JSON lines; give two at least.")
  private Map<String, Path> tasks;

  @Option(
      names = "--reference-field",
      defaultValue = "reference",
      description = "The large model's answer (default: ${DEFAULT-VALUE}).")
  private String referenceField;

  @Override
  public Integer call() throws IOException {
    List<Subject> subjects = new ArrayList<>();
    for (Map.Entry<String, Path> each : new TreeMap<>(tasks).entrySet()) {
      List<Answered> examples = AnsweredFile.read(each.getValue(), referenceField);
      subjects.add(new Subject(Learning.task(each.getKey(), examples), examples));
    }
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      List<Artifact> artifacts =
          MultitaskJob.run(
              MultitaskJob.Spec.of(outcome.seed()),
              subjects,
              outcome.out(),
              Learning.workshop(encoder, progress));
      progress.done();
      for (int i = 0; i < artifacts.size(); i++) {
        outcome.print(artifacts.get(i), subjects.get(i).examples().size());
      }
    }
    return 0;
  }
}
