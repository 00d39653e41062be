package io.tierwise.student.onnx;

import java.io.IOException;

/** What a file may hold that says it is a graph. */
public final class GraphBytes {
  private GraphBytes() {}

  /**
   * Reads the graph's structure, before any engine sees it.
   *
   * @throws IOException where it is none
   */
  public static void read(byte[] bytes) throws IOException {
    OnnxFile file = OnnxFile.read(bytes);
    file.constants().keySet().forEach(name -> file.constant(name).remaining());
  }
}
