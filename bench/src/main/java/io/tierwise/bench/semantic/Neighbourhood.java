package io.tierwise.bench.semantic;

import io.tierwise.distill.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.util.VectorUtil;

/**
 * Which texts are near to which, by comparing all: computed once, it answers for every order in
 * which they come.
 */
final class Neighbourhood {
  /** Of so many some have come before, whatever the order, and some of these pass the guards. */
  private static final int KEPT = 150;

  private static final int BETWEEN_REPORTS = 100;

  private final List<List<Neighbour>> nearest;

  private Neighbourhood(List<List<Neighbour>> nearest) {
    this.nearest = nearest;
  }

  /**
   * @param similarity the cosine, in [0, 1]; what points away counts 0
   */
  record Neighbour(int question, double similarity) {}

  /**
   * @param vectors of length 1
   */
  static Neighbourhood of(List<float[]> vectors, Progress progress) {
    List<List<Neighbour>> nearest = new ArrayList<>();
    for (int one = 0; one < vectors.size(); one++) {
      nearest.add(nearest(one, vectors));
      if (one % BETWEEN_REPORTS == 0) {
        progress.report("comparing", one, vectors.size());
      }
    }
    return new Neighbourhood(nearest);
  }

  private static List<Neighbour> nearest(int one, List<float[]> vectors) {
    Comparator<Neighbour> byDistance = Comparator.comparingDouble(Neighbour::similarity);
    PriorityQueue<Neighbour> kept = new PriorityQueue<>(byDistance);
    for (int other = 0; other < vectors.size(); other++) {
      if (other != one) {
        double similarity = VectorUtil.dotProduct(vectors.get(one), vectors.get(other));
        if (kept.size() < KEPT || similarity > kept.peek().similarity()) {
          kept.add(new Neighbour(other, Math.clamp(similarity, 0, 1)));
          if (kept.size() > KEPT) {
            kept.remove();
          }
        }
      }
    }
    List<Neighbour> sorted = new ArrayList<>(kept);
    sorted.sort(byDistance);
    Collections.reverse(sorted);
    return List.copyOf(sorted);
  }

  /** The nearest to a text, the nearest first. */
  List<Neighbour> of(int question) {
    return nearest.get(question);
  }
}
