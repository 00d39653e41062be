package io.tierwise.gateway;

/**
 * How many cached answers were forgotten.
 *
 * @param exact those for the very same question
 * @param semantic those for questions that mean the same
 */
public record Forgotten(int exact, int semantic) {}
