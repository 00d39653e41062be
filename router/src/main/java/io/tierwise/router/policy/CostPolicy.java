package io.tierwise.router.policy;

/** A task's choices where cost and service pull apart. */
public record CostPolicy(Fallback whenLargeUnavailable, Fallback whenBudgetExhausted) {}
