/** A generated ledger, and how long a report over it takes. */
@NullMarked
package io.tierwise.bench.ledger;

import org.jspecify.annotations.NullMarked;
