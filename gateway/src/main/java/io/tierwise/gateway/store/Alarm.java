package io.tierwise.gateway.store;

import java.time.Instant;

/**
 * A running contract that was found broken.
 *
 * @param certificate in force then
 * @param evidence E_t when it rang
 * @param audits t: how many audits the watch had seen
 * @param lost how many of them were lost
 */
public record Alarm(
    String task, String certificate, double evidence, long audits, long lost, Instant at) {}
