package io.tierwise.gateway.store;

import io.tierwise.router.confidence.Confidence;

/**
 * A large model's answer, kept for questions that mean the same.
 *
 * @param text what was asked
 * @param vector of the text, of length 1
 * @param answer with its origin: the endpoint's version that gave it
 * @param confidence the large model's own in it
 */
@SuppressWarnings("ArrayRecordComponent") // on its way between store and index, never compared
public record SemanticEntry(
    String text, float[] vector, StoredAnswer answer, Confidence confidence) {}
