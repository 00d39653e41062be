package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.AuditLog;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.References;
import io.tierwise.router.tier.Tier;
import java.time.Duration;

/**
 * What one task's audits are made with.
 *
 * @param large the task's large tier, and what it costs
 * @param patience how long one try may take
 * @param repeatRate the share of them for which the large model is asked twice
 * @param references those who learn of the answers
 */
public record AuditSetting(
    Task.Classification task,
    Tier large,
    Tariff tariff,
    Duration patience,
    AuditLog log,
    double repeatRate,
    Ledger ledger,
    References references,
    Metrics metrics) {}
