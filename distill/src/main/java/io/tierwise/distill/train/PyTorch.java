package io.tierwise.distill.train;

import ai.djl.engine.Engine;

/** DJL's PyTorch engine, by name: the ONNX Runtime engine is on the class path as well. */
public final class PyTorch {
  private PyTorch() {}

  /**
   * @throws IllegalStateException when its native libraries do not load on this machine
   */
  public static Engine engine() {
    return Engine.getEngine("PyTorch");
  }
}
