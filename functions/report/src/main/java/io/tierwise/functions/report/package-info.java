/** Adds up the ledger. */
@NullMarked
package io.tierwise.functions.report;

import org.jspecify.annotations.NullMarked;
