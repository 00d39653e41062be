package io.tierwise.distill.measure;

import io.tierwise.distill.encoder.Pretrained;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.util.List;

/** Something that answers texts, to be measured. */
public interface Contender extends AutoCloseable {
  String name();

  /** Of all its files; of a head, of the encoder's too. */
  long bytes();

  /** Whether its answers mean anything; a baseline is there for its speed. */
  boolean trained();

  /** One for each text, in their order. */
  List<Prediction> predict(List<String> texts);

  default List<Label> answer(List<String> texts) {
    return predict(texts).stream().map(Prediction::label).toList();
  }

  @Override
  void close();

  /** A student, or a head with the encoder that it sits on. */
  static Contender of(String name, Artifact artifact) throws IOException {
    if (artifact.manifest().shape() == Shape.ENCODER_HEAD) {
      SentenceEncoder encoder = SentenceEncoder.bgeSmall(1);
      try {
        return new Headed(
            new Served(name, Student.load(artifact, encoder), true), encoder, encoder.bytes());
      } catch (IOException | RuntimeException e) {
        encoder.close();
        throw e;
      }
    }
    return new Served(name, Student.load(artifact), true);
  }

  /** The pretrained MiniLM in single precision with as many classes. */
  static Contender baseline(int classes) throws IOException {
    return new Served(Pretrained.NAME, Pretrained.student(classes), false);
  }

  /** Of an artifact's own files. */
  static long bytes(Artifact artifact) {
    return artifact.manifest().files().stream().mapToLong(ArtifactFile::bytes).sum();
  }

  /** A student as it is served. */
  record Served(String name, Student student, boolean trained) implements Contender {
    @Override
    public long bytes() {
      return Contender.bytes(student.artifact());
    }

    @Override
    public List<Prediction> predict(List<String> texts) {
      return student.predict(texts.stream().<Input>map(Input.Text::new).toList());
    }

    @Override
    public void close() {
      student.close();
    }
  }

  /** A head, and the frozen encoder that it sits on. */
  record Headed(Served head, SentenceEncoder encoder, long encoderBytes) implements Contender {
    @Override
    public String name() {
      return head.name();
    }

    @Override
    public long bytes() {
      return head.bytes() + encoderBytes;
    }

    @Override
    public boolean trained() {
      return head.trained();
    }

    @Override
    public List<Prediction> predict(List<String> texts) {
      return head.predict(texts);
    }

    @Override
    public void close() {
      head.close();
      encoder.close();
    }
  }
}
