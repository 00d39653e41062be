/** The ledger under another policy. */
@NullMarked
package io.tierwise.bench.whatif;

import org.jspecify.annotations.NullMarked;
