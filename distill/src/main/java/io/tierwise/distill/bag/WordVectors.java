package io.tierwise.distill.bag;

import io.tierwise.student.feature.Bag;
import java.util.Map;

/**
 * A fixed vector for the bucket of each common word, from a pretrained sentence encoder, so that a
 * word means something before training has seen it (static embeddings distilled from a sentence
 * encoder, as in model2vec). The student learns one projection of them; vectors and projection then
 * fold into its table, and serving knows nothing of them.
 *
 * @param byBucket [dimensions] each
 */
record WordVectors(int dimensions, Map<Integer, float[]> byBucket) {
  /**
   * The weighted sum of a text's word vectors: [dimensions].
   *
   * @param bag with the weights that its rows will have
   */
  float[] sum(Bag bag) {
    float[] sum = new float[dimensions];
    for (int i = 0; i < bag.size(); i++) {
      float[] vector = byBucket.get(bag.buckets()[i]);
      if (vector != null) {
        for (int d = 0; d < dimensions; d++) {
          sum[d] += bag.weights()[i] * vector[d];
        }
      }
    }
    return sum;
  }
}
