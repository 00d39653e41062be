package io.tierwise.distill.compress;

import io.tierwise.distill.data.Answered;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a technique did to a student, on some answered inputs.
 *
 * @param bytes of its graph
 * @param bytesBefore of its parents' graphs together
 * @param agreement share of the inputs to which it answers as a parent does, the mean over them
 * @param accuracy share of the inputs to which it answers as the reference does
 * @param accuracyBefore the same of its best parent
 */
public record Effect(
    long bytes, long bytesBefore, double agreement, double accuracy, double accuracyBefore) {

  public static Effect measure(Artifact made, List<Artifact> parents, List<Answered> examples)
      throws IOException {
    List<Label> references = examples.stream().map(Answered::label).toList();
    List<Label> answers = answers(made, examples);
    List<List<Label>> before = new ArrayList<>();
    long bytesBefore = 0;
    for (Artifact parent : parents) {
      before.add(answers(parent, examples));
      bytesBefore += bytes(parent);
    }
    return new Effect(
        bytes(made),
        bytesBefore,
        before.stream().mapToDouble(each -> same(answers, each)).average().orElse(1),
        same(answers, references),
        before.stream().mapToDouble(each -> same(each, references)).max().orElse(0));
  }

  private static long bytes(Artifact artifact) throws IOException {
    return artifact.read(ArtifactFiles.MODEL).length;
  }

  private static List<Label> answers(Artifact artifact, List<Answered> examples)
      throws IOException {
    try (Student student = Student.load(artifact)) {
      return student.predict(examples.stream().map(Answered::input).toList()).stream()
          .map(Prediction::label)
          .toList();
    }
  }

  private static double same(List<Label> one, List<Label> other) {
    int same = 0;
    for (int i = 0; i < one.size(); i++) {
      same += one.get(i).equals(other.get(i)) ? 1 : 0;
    }
    return (double) same / one.size();
  }
}
