/** The ledger on disk: append-only segments, a checksum for each record. */
@NullMarked
package io.tierwise.gateway.ledger;

import org.jspecify.annotations.NullMarked;
