package io.tierwise.gateway.dialect;

import io.tierwise.router.request.Task;
import java.time.Duration;

/**
 * A task as callers see it.
 *
 * @param patience how long a request may take in all: its deadline, counted from its arrival
 */
public record ServedTask(Task.Classification task, Duration patience) {}
