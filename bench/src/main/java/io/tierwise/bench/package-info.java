/** Measuring the product: replay of recorded traffic, the demo, load. */
@NullMarked
package io.tierwise.bench;

import org.jspecify.annotations.NullMarked;
