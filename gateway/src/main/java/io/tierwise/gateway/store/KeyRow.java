package io.tierwise.gateway.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key.
 *
 * @param tenant whose it is; {@link #NOBODY} for an administrator's
 * @param note what it is for, in its owner's words
 * @param revokedAt null while it is good
 * @param admin whether it opens the console instead of asking for answers
 */
public record KeyRow(
    String id,
    String tenant,
    String note,
    Instant createdAt,
    @Nullable Instant revokedAt,
    boolean admin) {
  static final String NOBODY = "-";
}
