package io.tierwise.distill.onnx;

/** Where the scale of what a matrix of bytes is multiplied by comes from. */
public enum Scaling {
  /** From the values themselves, at each call: exact, and a few more nodes. */
  DYNAMIC,
  /** From real inputs beforehand: the fastest. */
  STATIC
}
