/** JSON as it is written for every request: the ledger's entries and the answers themselves. */
@NullMarked
package io.tierwise.gateway.json;

import org.jspecify.annotations.NullMarked;
