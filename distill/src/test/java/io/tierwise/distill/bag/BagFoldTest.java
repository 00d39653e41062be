package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.distill.onnx.BagWeights;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BagFoldTest {
  private static final BagFeaturizer FEATURIZER = new BagFeaturizer();
  private static final List<Bag> PLAIN =
      List.of(
          FEATURIZER.featurize("where is my parcel"),
          FEATURIZER.featurize("cancel my order please"),
          FEATURIZER.featurize("the lamp is broken"));
  private static final Rarity RARITY = Rarity.of(PLAIN);
  private static final List<Bag> BAGS = PLAIN.stream().map(RARITY::weigh).toList();

  private static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static BagMember member(long seed, int classes) {
    Random random = new Random(seed);
    int[] buckets = RARITY.seenBuckets();
    return new BagMember(
        buckets,
        random(random, buckets.length * BagTrainer.WIDTH),
        random(random, 2 * BagTrainer.WIDTH),
        random(random, BagTrainer.WIDTH * classes),
        random(random, classes));
  }

  private static WordVectors words() {
    return new WordVectors(
        2,
        Map.of(
            FEATURIZER.wordBucket("parcel"), new float[] {1, 0},
            FEATURIZER.wordBucket("lamp"), new float[] {0.6f, -0.8f}));
  }

  private static Lessons lessons(WordVectors words, int classes) {
    float[][] unused = new float[BAGS.size()][classes];
    return new Lessons(BAGS, BAGS.stream().map(words::sum).toArray(float[][]::new), unused, unused);
  }

  /** What a member says, by its definition. */
  private static double[] logits(BagMember member, Bag bag, float[] wordSum) {
    int classes = member.bias().length;
    double[] hidden = new double[BagTrainer.WIDTH];
    for (int i = 0; i < bag.size(); i++) {
      int row = Arrays.binarySearch(member.buckets(), bag.buckets()[i]);
      for (int d = 0; row >= 0 && d < hidden.length; d++) {
        hidden[d] += bag.weights()[i] * member.rows()[row * BagTrainer.WIDTH + d];
      }
    }
    for (int i = 0; i < wordSum.length; i++) {
      for (int d = 0; d < hidden.length; d++) {
        hidden[d] += wordSum[i] * member.projection()[i * BagTrainer.WIDTH + d];
      }
    }
    double[] logits = new double[classes];
    for (int k = 0; k < classes; k++) {
      logits[k] = member.bias()[k];
      for (int d = 0; d < hidden.length; d++) {
        logits[k] += hidden[d] * member.head()[d * classes + k];
      }
    }
    return logits;
  }

  private static double[] mean(List<BagMember> members, Bag bag, float[] wordSum) {
    double[] mean = new double[members.getFirst().bias().length];
    for (BagMember member : members) {
      double[] logits = logits(member, bag, wordSum);
      for (int k = 0; k < mean.length; k++) {
        mean[k] += logits[k] / members.size();
      }
    }
    return mean;
  }

  private static double[] folded(BagWeights weights, Bag bag) {
    double[] logits = new double[weights.bias().length];
    for (int k = 0; k < logits.length; k++) {
      logits[k] = weights.bias()[k];
    }
    for (int i = 0; i < bag.size(); i++) {
      for (int d = 0; d < weights.width(); d++) {
        double value =
            weights.table()[bag.buckets()[i] * weights.width() + d] * (double) weights.scales()[d];
        for (int k = 0; k < logits.length; k++) {
          logits[k] += bag.weights()[i] * value * weights.head()[d * logits.length + k];
        }
      }
    }
    return logits;
  }

  private static void assertFoldsToTheMean(List<BagMember> members, double tolerance) {
    WordVectors words = words();
    int classes = members.getFirst().bias().length;
    BagWeights weights = BagFold.fold(members, words, RARITY, lessons(words, classes));
    for (Bag bag : BAGS) {
      double[] expected = mean(members, bag, words.sum(bag));
      double[] actual = folded(weights, bag);
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      for (int k = 0; k < classes; k++) {
        assertEquals(expected[k], actual[k], tolerance * largest);
      }
    }
  }

  @Test
  void foldsMembersAndWordVectorsIntoTheirMean() {
    assertFoldsToTheMean(List.of(member(1, 5), member(2, 5), member(3, 5)), 0.02);
  }

  @Test
  void keepsTheTrainingLogitsWhereThereAreMoreClassesThanColumns() {
    // Three texts span two dimensions around their mean, so 32 components lose nothing.
    assertFoldsToTheMean(List.of(member(4, 40), member(5, 40)), 0.02);
  }

  @Test
  void leavesBucketsThatNobodyKnowsAtZero() {
    WordVectors words = words();
    BagWeights weights = BagFold.fold(List.of(member(1, 3)), words, RARITY, lessons(words, 3));
    int nonZero = 0;
    for (int bucket = 0; bucket < BagFeaturizer.BUCKETS; bucket++) {
      for (int k = 0; k < 3; k++) {
        if (weights.table()[bucket * 3 + k] != 0) {
          nonZero++;
          break;
        }
      }
    }
    assertTrue(nonZero <= RARITY.seenBuckets().length, nonZero + " rows");
  }

  @Test
  void rarityIsTheRootOfTheSmoothedInverseFrequency() {
    int everywhere = FEATURIZER.wordBucket("my");
    assertEquals(Math.sqrt(1 + Math.log(4 / 3.0)), RARITY.toArray()[everywhere], 1e-6);
    int nowhere = FEATURIZER.wordBucket("kettle");
    assertEquals(Math.sqrt(1 + Math.log(4)), RARITY.toArray()[nowhere], 1e-6);
    double squares = 0;
    for (float weight : BAGS.getFirst().weights()) {
      squares += weight * weight;
    }
    assertEquals(1, squares, 1e-5);
  }

  @Test
  void aTrainedMemberSeparatesWhatCanBeSeparatedAndTheSeedDecidesIt() {
    List<Bag> bags = new ArrayList<>();
    List<float[]> targets = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String word = i % 2 == 0 ? "refund" : "password";
      bags.add(RARITY.weigh(FEATURIZER.featurize(word + " number " + i)));
      targets.add(i % 2 == 0 ? new float[] {1, 0} : new float[] {0, 1});
    }
    float[][] hard = targets.toArray(float[][]::new);
    float[][] words = new float[bags.size()][2];
    Lessons lessons = new Lessons(bags, words, hard, hard);
    int[] buckets =
        bags.stream().flatMapToInt(b -> Arrays.stream(b.buckets())).sorted().distinct().toArray();
    DistillSpec spec =
        new DistillSpec(
            new Task.Classification("toy", List.of(new Label("a"), new Label("b"))),
            1,
            1,
            12,
            8,
            0.3f,
            2);
    BagMember member = BagTrainer.train(spec, lessons, buckets, 9, Progress.SILENT);
    for (int i = 0; i < bags.size(); i++) {
      double[] logits = logits(member, bags.get(i), words[i]);
      assertTrue(logits[i % 2] > logits[1 - i % 2], "text " + i);
    }
    BagMember again = BagTrainer.train(spec, lessons, buckets, 9, Progress.SILENT);
    assertArrayEquals(member.rows(), again.rows());
    assertArrayEquals(member.head(), again.head());
  }
}
