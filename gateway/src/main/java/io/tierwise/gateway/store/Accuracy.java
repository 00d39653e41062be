package io.tierwise.gateway.store;

/** How many answers people have judged, and how many of them they found right. */
public record Accuracy(int judged, int right) {}
