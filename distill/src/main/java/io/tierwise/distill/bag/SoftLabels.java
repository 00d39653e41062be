package io.tierwise.distill.bag;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.train.EncodedTexts;
import io.tierwise.distill.train.SoftmaxRegression;
import io.tierwise.router.request.Label;
import io.tierwise.student.encoder.SentenceEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A distribution over the labels for every training text. The large model's own where it reports
 * one. Where it reports only a label, as recorded answers do, a head on frozen encoder features
 * gives it, cross-fitted: each text's distribution comes from a head that was trained on other
 * folds, so it smooths the labels' noise instead of repeating it. Equal texts share a fold.
 */
public final class SoftLabels {
  private static final int FOLDS = 4;

  /** Stops early, which regularises: fitted to the end, it says less of texts it has not seen. */
  private static final SoftmaxRegression.Spec HEAD =
      new SoftmaxRegression.Spec(20, 100, 256, 0.1f, 1e-4f);

  private SoftLabels() {}

  /** [examples][classes]. */
  public static float[][] of(
      List<Answered> examples,
      List<Label> labels,
      SentenceEncoder encoder,
      long seed,
      Progress progress) {
    float[][] reported =
        examples.stream().map(example -> example.target(labels)).toArray(float[][]::new);
    if (examples.stream().allMatch(SoftLabels::reportsMore)) {
      return reported;
    }
    List<String> texts = examples.stream().map(Answered::text).toList();
    List<float[]> features =
        EncodedTexts.of(encoder, texts, "encoding the training texts", progress);
    float[][] soft = crossFitted(features, reported, folds(texts, seed));
    for (int i = 0; i < soft.length; i++) {
      if (reportsMore(examples.get(i))) {
        soft[i] = reported[i];
      }
    }
    return soft;
  }

  private static boolean reportsMore(Answered example) {
    return example.reference().labels().size() > 1;
  }

  /** The fold of every text. Folds differ in size by at most one text, repeats not counted. */
  static int[] folds(List<String> texts, long seed) {
    List<String> distinct = new ArrayList<>(texts.stream().distinct().toList());
    Collections.shuffle(distinct, new Random(seed));
    Map<String, Integer> fold = HashMap.newHashMap(distinct.size());
    for (int i = 0; i < distinct.size(); i++) {
      fold.put(distinct.get(i), i % FOLDS);
    }
    return texts.stream().mapToInt(fold::get).toArray();
  }

  /**
   * @param features [examples][dimensions]
   * @param targets [examples][classes]
   * @param fold of each example
   */
  static float[][] crossFitted(List<float[]> features, float[][] targets, int[] fold) {
    float[][] soft = new float[targets.length][];
    for (int held = 0; held < FOLDS; held++) {
      List<float[]> others = new ArrayList<>();
      List<float[]> answers = new ArrayList<>();
      for (int i = 0; i < targets.length; i++) {
        if (fold[i] != held) {
          others.add(features.get(i));
          answers.add(targets[i]);
        }
      }
      SoftmaxRegression head = SoftmaxRegression.fit(HEAD, others, answers);
      for (int i = 0; i < targets.length; i++) {
        if (fold[i] == held) {
          soft[i] = head.probabilities(features.get(i));
        }
      }
    }
    return soft;
  }
}
