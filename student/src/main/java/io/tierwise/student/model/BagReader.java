package io.tierwise.student.model;

import io.tierwise.router.request.Input;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.onnx.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Texts as bags, padded to the widest with bucket 0 at weight 0. */
final class BagReader implements Reader {
  private final BagFeaturizer featurizer = new BagFeaturizer();

  @Override
  public boolean reads(Input input) {
    return input instanceof Input.Text;
  }

  @Override
  public Tensor[] tensors(List<Input> inputs) {
    List<Bag> bags = new ArrayList<>(inputs.size());
    int width = 0;
    for (Input input : inputs) {
      Bag bag = featurizer.featurize(((Input.Text) input).value());
      bags.add(bag);
      width = Math.max(width, bag.size());
    }
    long[] buckets = new long[bags.size() * width];
    float[] weights = new float[bags.size() * width];
    for (int row = 0; row < bags.size(); row++) {
      Bag bag = bags.get(row);
      for (int i = 0; i < bag.size(); i++) {
        buckets[row * width + i] = bag.buckets()[i];
      }
      System.arraycopy(bag.weights(), 0, weights, row * width, bag.size());
    }
    return new Tensor[] {
      new Tensor.Longs("buckets", buckets, bags.size(), width),
      new Tensor.Floats("weights", weights, bags.size(), width)
    };
  }

  @Override
  public List<Input> sample() {
    return List.of(new Input.Text("a sample"));
  }
}
