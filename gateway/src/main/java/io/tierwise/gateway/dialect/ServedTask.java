package io.tierwise.gateway.dialect;

import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Task;
import java.time.Duration;

/**
 * A task as callers see it.
 *
 * @param form what its inputs are
 * @param patience how long a request may take in all: its deadline, counted from its arrival
 */
public record ServedTask(Task.Classification task, InputForm form, Duration patience) {}
