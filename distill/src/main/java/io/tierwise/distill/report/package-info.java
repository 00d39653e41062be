/** Ledger reports in parts, by an engine's workers. */
@NullMarked
package io.tierwise.distill.report;

import org.jspecify.annotations.NullMarked;
