/** The ledger as lines of a log, and read back from where the log was delivered. */
@NullMarked
package io.tierwise.aws.ledger;

import org.jspecify.annotations.NullMarked;
