/** A recorded hour of arrivals, played to simulated tiers whose large one scales with its load. */
@NullMarked
package io.tierwise.bench.trace;

import org.jspecify.annotations.NullMarked;
