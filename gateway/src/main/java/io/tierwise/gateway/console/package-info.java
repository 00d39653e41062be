/**
 * What the console shows: rolling figures of the ledger, contracts, artifacts, single decisions.
 */
@NullMarked
package io.tierwise.gateway.console;

import org.jspecify.annotations.NullMarked;
