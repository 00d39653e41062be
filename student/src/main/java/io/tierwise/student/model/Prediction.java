package io.tierwise.student.model;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;

/**
 * What a model says of one input.
 *
 * @param label the most probable one
 * @param distribution calibrated
 * @param confidence calibrated: how sure the model is that {@code label} is the reference's
 * @param logits as the graph gave them, in the order of the manifest's labels
 */
@SuppressWarnings("ArrayRecordComponent") // one more array for one reader; boxing it would be waste
public record Prediction(
    Label label, Distribution distribution, Confidence confidence, double[] logits) {}
