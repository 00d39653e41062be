package io.tierwise.router.contract;

import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.time.Duration;

/** One tier tried for one request, what the gate made of it, and what it cost. */
public record JudgedAttempt(
    TierName tier, Attempt attempt, Verdict verdict, Money cost, Duration latency) {}
