package io.tierwise.distill.bag;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.train.SoftmaxRegression;
import io.tierwise.router.request.Label;
import io.tierwise.student.encoder.SentenceEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A distribution over the labels for every training text. The large model's own where it reports
 * one. Where it reports only labels, as recorded answers do, a head on frozen encoder features
 * gives it, cross-fitted: each text's distribution comes from a head that was trained on other
 * folds, so it smooths the labels' noise instead of repeating it.
 */
public final class SoftLabels {
  private static final int FOLDS = 4;
  private static final int BATCH = 32;
  private static final SoftmaxRegression.Spec HEAD =
      new SoftmaxRegression.Spec(20, 256, 0.1f, 1e-4f);

  private SoftLabels() {}

  /** [examples][classes]. */
  public static float[][] of(
      List<Answered> examples,
      List<Label> labels,
      SentenceEncoder encoder,
      long seed,
      Progress progress) {
    boolean reported =
        examples.stream().anyMatch(answered -> answered.reference().labels().size() > 1);
    float[][] targets = new float[examples.size()][];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = examples.get(i).target(labels);
    }
    return reported ? targets : crossFitted(targets, encode(examples, encoder, progress), seed);
  }

  private static float[][] crossFitted(float[][] targets, List<float[]> features, long seed) {
    int[] fold = new Random(seed).ints(targets.length, 0, FOLDS).toArray();
    float[][] soft = new float[targets.length][];
    for (int held = 0; held < FOLDS; held++) {
      List<float[]> x = new ArrayList<>();
      List<float[]> y = new ArrayList<>();
      for (int i = 0; i < targets.length; i++) {
        if (fold[i] != held) {
          x.add(features.get(i));
          y.add(targets[i]);
        }
      }
      SoftmaxRegression head = SoftmaxRegression.fit(HEAD, x, y);
      for (int i = 0; i < targets.length; i++) {
        if (fold[i] == held) {
          soft[i] = head.probabilities(features.get(i));
        }
      }
    }
    return soft;
  }

  private static List<float[]> encode(
      List<Answered> examples, SentenceEncoder encoder, Progress progress) {
    List<String> texts = examples.stream().map(Answered::text).toList();
    List<float[]> features = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += BATCH) {
      features.addAll(encoder.encode(texts.subList(from, Math.min(from + BATCH, texts.size()))));
      progress.report("encoding the training texts", features.size(), texts.size());
    }
    return features;
  }
}
