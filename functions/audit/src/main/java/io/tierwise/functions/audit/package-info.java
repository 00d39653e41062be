/** Asks the large model for audits. */
@NullMarked
package io.tierwise.functions.audit;

import org.jspecify.annotations.NullMarked;
