package io.tierwise.distill.win;

import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.win.DomainWords;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * How often each word is used in each domain: naive Bayes, smoothed towards how often it is used at
 * all. What domain a prompt is from says much about which model it needs, and is far easier to
 * learn than that. Words of one prompt alone are left out.
 */
final class DomainCounts {
  /** As if so much weight of words of no domain had been seen in each; about 70 prompts'. */
  private static final double PRIOR = 200;

  private static final int FEWEST_PROMPTS = 2;

  private final List<String> names;
  private final int[] buckets;
  private final double[][] counts;
  private final double[] totals;
  private final double[] commonness;

  private final DomainWords words;

  /**
   * @param domains of the bags, in their order; empty where nothing is said
   */
  DomainCounts(List<Bag> bags, List<String> domains) {
    List<String> named = new TreeSet<>(domains).stream().filter(each -> !each.isEmpty()).toList();
    names = named.size() > 1 ? named : List.of();
    buckets = buckets(bags);
    counts = new double[names.size()][buckets.length];
    totals = new double[names.size()];
    commonness = new double[buckets.length];
    for (int row = 0; row < bags.size(); row++) {
      count(bags.get(row), names.indexOf(domains.get(row)));
    }
    double all = Arrays.stream(commonness).sum();
    for (int word = 0; word < commonness.length; word++) {
      commonness[word] /= all;
    }
    words = table();
  }

  private void count(Bag bag, int domain) {
    for (int i = 0; i < bag.size(); i++) {
      int word = Arrays.binarySearch(buckets, bag.buckets()[i]);
      if (word >= 0) {
        commonness[word] += bag.weights()[i];
        if (domain >= 0) {
          counts[domain][word] += bag.weights()[i];
          totals[domain] += bag.weights()[i];
        }
      }
    }
  }

  private static int[] buckets(List<Bag> bags) {
    int[] prompts = new int[BagFeaturizer.BUCKETS];
    bags.forEach(bag -> Arrays.stream(bag.buckets()).forEach(bucket -> prompts[bucket]++));
    return IntStream.range(0, prompts.length)
        .filter(bucket -> BagFeaturizer.isWord(bucket) && prompts[bucket] >= FEWEST_PROMPTS)
        .toArray();
  }

  DomainWords words() {
    return words;
  }

  private DomainWords table() {
    int domains = names.size();
    float[] weights = new float[buckets.length * domains];
    for (int word = 0; word < buckets.length; word++) {
      double[] ratios = new double[domains];
      for (int domain = 0; domain < domains; domain++) {
        ratios[domain] = ratio(domain, word, 0, 0);
      }
      centre(ratios);
      for (int domain = 0; domain < domains; domain++) {
        weights[word * domains + domain] = (float) ratios[domain];
      }
    }
    return new DomainWords(buckets, domains, weights);
  }

  /** A counted bag's {@link DomainWords#scores} as they would be, had it not been counted. */
  double[] unseen(Bag bag, String domain) {
    double[] scores = words.scores(bag);
    int own = names.indexOf(domain);
    if (own < 0) {
      return scores;
    }
    int[] found =
        Arrays.stream(bag.buckets()).map(each -> Arrays.binarySearch(buckets, each)).toArray();
    double total = 0;
    for (int i = 0; i < found.length; i++) {
      total += found[i] >= 0 ? bag.weights()[i] : 0;
    }
    double change = 0;
    for (int i = 0; i < found.length; i++) {
      if (found[i] >= 0) {
        double weight = bag.weights()[i];
        change += weight * (ratio(own, found[i], weight, total) - ratio(own, found[i], 0, 0));
      }
    }
    scores[own] += change;
    centre(scores);
    return scores;
  }

  /**
   * @param less what is not to be counted of the word
   * @param lessTotal and of the domain
   */
  private double ratio(int domain, int word, double less, double lessTotal) {
    double count = Math.max(0, counts[domain][word] - less) + PRIOR * commonness[word];
    double total = totals[domain] - lessTotal + PRIOR;
    return StrictMath.log(count / (total * commonness[word]));
  }

  private static void centre(double[] values) {
    double mean = Arrays.stream(values).sum() / values.length;
    for (int i = 0; i < values.length; i++) {
      values[i] -= mean;
    }
  }
}
