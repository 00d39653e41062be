/** The ledger against the provider's bill. */
@NullMarked
package io.tierwise.gateway.reconcile;

import org.jspecify.annotations.NullMarked;
