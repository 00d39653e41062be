package io.tierwise.distill.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tierwise.router.InvalidValueException;
import java.util.List;

/** Several graphs over the same inputs as one, whose logits are the weighted mean of theirs. */
public final class FusedModel {
  private static final String LOGITS = "logits";

  private FusedModel() {}

  /**
   * @param models with the same inputs and outputs
   * @param shares of each in the mean; they sum to 1
   */
  public static byte[] of(List<byte[]> models, List<Double> shares) {
    OnnxMl.ModelProto.Builder fused = parse(models.getFirst()).toBuilder();
    OnnxMl.GraphProto.Builder graph =
        fused.getGraphBuilder().setName("fused").clearNode().clearInitializer();
    OnnxMl.NodeProto.Builder sum = OnnxMl.NodeProto.newBuilder().setOpType("Sum").setName(LOGITS);
    for (int i = 0; i < models.size(); i++) {
      OnnxMl.GraphProto member = parse(models.get(i)).getGraph();
      if (!member.getInputList().equals(graph.getInputList())
          || !member.getOutputList().equals(graph.getOutputList())) {
        throw new InvalidValueException(
            "models[" + i + "]",
            "its inputs or outputs are not those of the first",
            "fuse students of one shape and one task");
      }
      Prefix prefix = new Prefix("member." + i + ".", graph.getInputList());
      member.getInitializerList().forEach(each -> graph.addInitializer(prefix.renamed(each)));
      member.getNodeList().forEach(each -> graph.addNode(prefix.renamed(each)));
      OnnxGraph share = new OnnxGraph("share");
      share.floats(prefix.of("share"), new float[] {shares.get(i).floatValue()});
      share.node("Mul", prefix.of("shared"), prefix.of(LOGITS), prefix.of("share"));
      OnnxMl.GraphProto parts = parse(share.toBytes()).getGraph();
      graph.addAllInitializer(parts.getInitializerList()).addAllNode(parts.getNodeList());
      sum.addInput(prefix.of("shared"));
    }
    graph.addNode(sum.addOutput(LOGITS));
    return fused.build().toByteArray();
  }

  private static OnnxMl.ModelProto parse(byte[] model) {
    try {
      return OnnxMl.ModelProto.parseFrom(model);
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidValueException("model", "it is no ONNX file", "give a student's graph");
    }
  }

  /** Names of one member's values, so that they meet no other's; inputs are everybody's. */
  private record Prefix(String text, List<OnnxMl.ValueInfoProto> inputs) {
    String of(String name) {
      boolean shared = inputs.stream().anyMatch(input -> input.getName().equals(name));
      return shared || name.isEmpty() ? name : text + name;
    }

    OnnxMl.TensorProto renamed(OnnxMl.TensorProto tensor) {
      return tensor.toBuilder().setName(of(tensor.getName())).build();
    }

    OnnxMl.NodeProto renamed(OnnxMl.NodeProto node) {
      OnnxMl.NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput();
      node.getInputList().forEach(name -> renamed.addInput(of(name)));
      node.getOutputList().forEach(name -> renamed.addOutput(of(name)));
      return renamed.setName(of(node.getName())).build();
    }
  }
}
