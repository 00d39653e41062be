package io.tierwise.distill.encoder;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.file.DurableFiles;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The whole pretrained MiniLM in single precision, to compare students' speed with. */
public final class Pretrained {
  public static final String NAME = "MiniLM in single precision";

  private static final int MOST_TOKENS = 512;

  private Pretrained() {}

  /** All six layers and all words, with a head that knows nothing, of so many classes. */
  public static Student student(int classes) throws IOException {
    List<Label> labels =
        IntStream.range(0, classes).mapToObj(label -> new Label("class-" + label)).toList();
    EncoderWeights weights = MiniLm.load().withHead(classes, 1);
    EncoderModel model =
        new EncoderModel(weights, Vocabulary.reading(MiniLm.tokenizer(), MOST_TOKENS), List.of());
    Path directory = Files.createTempDirectory("minilm");
    try {
      Artifact artifact =
          new EncoderExport(
                  "import",
                  Map.of(),
                  new Task.Classification("baseline", labels),
                  1,
                  Clock.systemUTC())
              .write(model, List.of(), Map.of(), directory.resolve("artifact"));
      return Student.load(artifact);
    } finally {
      DurableFiles.delete(directory);
    }
  }
}
