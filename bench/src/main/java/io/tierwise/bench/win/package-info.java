/** Measuring routers between two models. */
@NullMarked
package io.tierwise.bench.win;

import org.jspecify.annotations.NullMarked;
