package io.tierwise.distill.bag;

/**
 * One trained bag: hidden = Σ weight · row + (Σ weight · word vector) · projection, logits = hidden
 * · head + bias.
 *
 * @param buckets the buckets that have a row, ascending; all others' rows are zero
 * @param rows row-major [buckets, {@link BagTrainer#WIDTH}]
 * @param projection row-major [dimensions, {@link BagTrainer#WIDTH}]
 * @param head row-major [{@link BagTrainer#WIDTH}, classes]
 * @param bias [classes]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
record BagMember(int[] buckets, float[] rows, float[] projection, float[] head, float[] bias) {}
