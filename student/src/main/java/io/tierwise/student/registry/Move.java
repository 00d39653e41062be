package io.tierwise.student.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One move of an alias.
 *
 * @param version where it points since
 * @param previous where it pointed before; null at its first move
 */
public record Move(
    Instant at, String alias, String version, @Nullable String previous, String reason) {}
