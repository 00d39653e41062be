package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tierwise.distill.compress.Effect;
import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.compress.TechniqueJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every technique is given, and how it ends. */
final class TechniqueOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private ProgressOption progress;
  @Mixin private AnswersOption answers;
  @Mixin private OutcomeOption outcome;

  @Option(
      names = "--student",
      required = true,
      arity = "1..*",
      paramLabel = "DIR",
      description = "The artifact to make it of; for 'fuse' two or more.")
  private List<Path> students;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "Measure on these answers, none of them in --data. Default: on --data.")
  private @Nullable Path test;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  /** In this process. */
  int run(Function<Shape, Technique> technique) throws IOException {
    List<Artifact> parents = parents();
    try (Engine engine = Engine.local()) {
      return run(technique.apply(shape(parents)), parents, engine);
    }
  }

  /**
   * @param technique by the shape of the students
   * @param engine where it is trained
   */
  int run(Function<Shape, Technique> technique, EngineOption engine) throws IOException {
    List<Artifact> parents = parents();
    Technique chosen = technique.apply(shape(parents));
    if (engine.away() && shape(parents) != Shape.MLP && !(chosen instanceof Technique.Extract)) {
      throw new InvalidValueException(
          "--engine",
          "a student of shape '" + shape(parents) + "' is worked on in this process",
          "leave it out");
    }
    try (Engine opened = engine.open()) {
      return run(chosen, parents, opened);
    }
  }

  private List<Artifact> parents() throws IOException {
    List<Artifact> parents = new ArrayList<>();
    for (Path student : students) {
      parents.add(Artifact.open(student));
    }
    return parents;
  }

  private static Shape shape(List<Artifact> parents) {
    return parents.getFirst().manifest().shape();
  }

  private int run(Technique technique, List<Artifact> parents, Engine engine) throws IOException {
    List<Answered> examples = answers.read();
    List<Answered> measured = test == null ? examples : answers.read(test);
    Artifact made =
        TechniqueJob.run(
            technique,
            parents,
            examples,
            outcome.out(),
            new TechniqueJob.Workshop(outcome.seed(), engine, Clock.systemUTC(), progress.watch()));
    progress.done();
    print(technique, made, Effect.measure(made, parents, measured));
    return 0;
  }

  private void print(Technique technique, Artifact made, Effect effect) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonNodeFactory.instance
              .objectNode()
              .put("job", technique.job())
              .put("artifact", made.directory().toString())
              .put("version", made.manifest().version())
              .put("shape", made.manifest().shape().text())
              .put("bytes", effect.bytes())
              .put("bytesBefore", effect.bytesBefore())
              .put("agreement", effect.agreement())
              .put("accuracy", effect.accuracy())
              .put("accuracyBefore", effect.accuracyBefore())
              .put("heldOut", test != null));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%s: version %s, %d bytes (before: %d)%n"
            + "%s: answers as before to %.2f %%, right to %.2f %% (before: %.2f %%)%n",
        made.directory(),
        made.manifest().version(),
        effect.bytes(),
        effect.bytesBefore(),
        test == null ? "on --data" : "on --test",
        100 * effect.agreement(),
        100 * effect.accuracy(),
        100 * effect.accuracyBefore());
  }
}
