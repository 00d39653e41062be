package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.AuditLog;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.References;

/**
 * What one task's audits are made with.
 *
 * @param referee who knows what the answers should have been
 * @param repeatRate the share of them for which the referee is asked twice
 * @param references those who learn of the answers
 */
public record AuditSetting(
    Task.Classification task,
    Referee referee,
    AuditLog log,
    double repeatRate,
    Ledger ledger,
    References references,
    Metrics metrics) {}
