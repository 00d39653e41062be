package io.tierwise.gateway.dialect;

import java.util.Locale;

/** The tensors that a task answers with, one row per row of the input. */
public enum OutputTensor {
  /** The label. */
  LABEL("BYTES"),
  /** A probability for every label, in the order of the task's labels. */
  PROBABILITIES("FP32"),
  /** The confidence in the label, as the gate saw it. */
  CONFIDENCE("FP32");

  private final String datatype;

  OutputTensor(String datatype) {
    this.datatype = datatype;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  String datatype() {
    return datatype;
  }
}
