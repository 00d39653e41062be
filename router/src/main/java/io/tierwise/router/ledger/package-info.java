/** What happened to every request and what it cost. */
@NullMarked
package io.tierwise.router.ledger;

import org.jspecify.annotations.NullMarked;
