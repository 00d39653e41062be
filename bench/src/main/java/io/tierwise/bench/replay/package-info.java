/** The whole life of a student on recorded traffic, without a large model at hand. */
@NullMarked
package io.tierwise.bench.replay;

import org.jspecify.annotations.NullMarked;
