package io.tierwise.distill.bag;

import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.feature.Bag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Small things to learn. */
final class Toys {
  static final int DIMENSIONS = 4;

  private Toys() {}

  static DistillSpec spec(int epochs, int batch, float softShare, float temperature) {
    Task.Classification task =
        new Task.Classification("toy", List.of(new Label("a"), new Label("b"), new Label("c")));
    return new DistillSpec(task, 1, 1, epochs, batch, softShare, temperature);
  }

  /** Texts of class k hold bucket 10 + k, and two of the buckets 100 to 119 at random. */
  static Lessons separable(int texts, int classes) {
    Random random = new Random(7);
    List<Bag> bags = new ArrayList<>();
    float[][] words = new float[texts][DIMENSIONS];
    float[][] hard = new float[texts][classes];
    for (int i = 0; i < texts; i++) {
      int first = 100 + random.nextInt(10);
      int second = 110 + random.nextInt(10);
      bags.add(
          new Bag(new int[] {10 + i % classes, first, second}, new float[] {0.6f, 0.64f, 0.48f}));
      words[i][i % DIMENSIONS] = 0.5f;
      hard[i][i % classes] = 1;
    }
    return new Lessons(bags, words, hard, hard);
  }

  /** What a member says of a text, from its definition. */
  static double[] logits(BagMember member, Bag bag, float[] words) {
    int width = BagTrainer.WIDTH;
    double[] hidden = new double[width];
    for (int j = 0; j < bag.size(); j++) {
      int place = Arrays.binarySearch(member.buckets(), bag.buckets()[j]);
      for (int d = 0; place >= 0 && d < width; d++) {
        hidden[d] += bag.weights()[j] * member.rows()[place * width + d];
      }
    }
    for (int i = 0; i < words.length; i++) {
      for (int d = 0; d < width; d++) {
        hidden[d] += words[i] * member.dense().projection()[i * width + d];
      }
    }
    double[] logits = new double[member.dense().bias().length];
    for (int k = 0; k < logits.length; k++) {
      logits[k] = member.dense().bias()[k];
      for (int d = 0; d < width; d++) {
        logits[k] += hidden[d] * member.dense().head()[d * logits.length + k];
      }
    }
    return logits;
  }

  static int top(double[] logits) {
    int best = 0;
    for (int k = 1; k < logits.length; k++) {
      best = logits[k] > logits[best] ? k : best;
    }
    return best;
  }
}
