package io.tierwise.distill.compress;

import io.tierwise.distill.Kept;
import io.tierwise.distill.onnx.BagGraph;
import io.tierwise.student.feature.Bag;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes rows out of a bag's table; their buckets share one row of zeros from then on. A row's
 * importance is the energy that it adds to the logits of real texts: the sum of its squared unit
 * weights times the squared L2 norm of its logits. One more time than it was seen is counted, for a
 * word that these texts lack may be in the next. Rows of zeros go first, and cost nothing.
 *
 * @param keep rows that stay, of those that are not zero
 */
record BagRows(Kept keep) {
  BagGraph prune(BagGraph bag, List<Bag> texts) {
    double[] importance = importance(bag, texts);
    int filled = (int) Arrays.stream(importance).filter(each -> each > 0).count();
    int stay = keep.of(filled, "rows that are not zero");
    int[] kept =
        IntStream.range(0, importance.length)
            .boxed()
            .filter(row -> importance[row] > 0)
            .sorted(Comparator.comparingDouble((Integer row) -> -importance[row]))
            .limit(stay)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    int width = bag.width();
    byte[] table = new byte[(kept.length + 1) * width];
    int[] moved = new int[bag.rows()];
    for (int to = 0; to < kept.length; to++) {
      System.arraycopy(bag.table(), kept[to] * width, table, (to + 1) * width, width);
      moved[kept[to]] = to + 1;
    }
    int[] places =
        IntStream.range(0, bag.buckets()).map(bucket -> moved[bag.place(bucket)]).toArray();
    return new BagGraph(bag.rarity(), places, table, bag.head(), bag.bias());
  }

  private static double[] importance(BagGraph bag, List<Bag> texts) {
    double[] seen = new double[bag.rows()];
    double sum = 0;
    long count = 0;
    for (Bag text : texts) {
      double[] weights = BagSums.unit(bag, text);
      for (int i = 0; i < weights.length; i++) {
        seen[bag.place(text.buckets()[i])] += weights[i] * weights[i];
        sum += weights[i] * weights[i];
        count++;
      }
    }
    double once = count == 0 ? 1 : sum / count;
    double[][] products = products(bag);
    double[] importance = new double[bag.rows()];
    for (int row = 0; row < importance.length; row++) {
      importance[row] = (seen[row] + once) * squaredNorm(bag, row, products);
    }
    return importance;
  }

  /** H Hᵀ of the head H: [width][width]. */
  private static double[][] products(BagGraph bag) {
    int classes = bag.classes();
    double[][] products = new double[bag.width()][bag.width()];
    for (int i = 0; i < products.length; i++) {
      for (int j = 0; j < products.length; j++) {
        for (int k = 0; k < classes; k++) {
          products[i][j] += (double) bag.head()[i * classes + k] * bag.head()[j * classes + k];
        }
      }
    }
    return products;
  }

  private static double squaredNorm(BagGraph bag, int row, double[][] products) {
    int at = row * bag.width();
    double norm = 0;
    for (int i = 0; i < products.length; i++) {
      for (int j = 0; j < products.length; j++) {
        norm += (double) bag.table()[at + i] * bag.table()[at + j] * products[i][j];
      }
    }
    return norm;
  }
}
