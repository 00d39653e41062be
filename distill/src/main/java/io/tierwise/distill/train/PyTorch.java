package io.tierwise.distill.train;

import ai.djl.engine.Engine;

/** DJL's PyTorch engine, by name: the ONNX Runtime engine is on the class path as well. */
public final class PyTorch {
  static {
    // Read when the natives load. One thread: two thrash on a busy box, and the order in which
    // threads add up their parts would change the last bits of a sum.
    setUnlessSet("ai.djl.offline", "true");
    setUnlessSet("ai.djl.pytorch.num_threads", "1");
    setUnlessSet("ai.djl.pytorch.num_interop_threads", "1");
  }

  private PyTorch() {}

  /**
   * @throws ai.djl.engine.EngineException when its native libraries do not load on this machine
   */
  public static Engine engine() {
    return Engine.getEngine("PyTorch");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
