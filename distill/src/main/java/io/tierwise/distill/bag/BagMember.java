package io.tierwise.distill.bag;

/**
 * One trained bag: hidden = Σ weight · row + (Σ weight · word vector) · projection, logits = hidden
 * · head + bias.
 *
 * @param buckets the buckets that have a row, ascending; all others' rows are zero
 * @param rows row-major [buckets, {@link BagTrainer#WIDTH}]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
record BagMember(int[] buckets, float[] rows, Dense dense) {
  /**
   * The parameters that every text touches.
   *
   * @param projection row-major [dimensions, width]
   * @param head row-major [width, classes]
   * @param bias [classes]
   */
  @SuppressWarnings("ArrayRecordComponent") // as above
  record Dense(float[] projection, float[] head, float[] bias) {}
}
