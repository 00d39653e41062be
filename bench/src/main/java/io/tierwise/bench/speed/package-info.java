/** How fast the gateway is beside its limits and its peers. */
@NullMarked
package io.tierwise.bench.speed;

import org.jspecify.annotations.NullMarked;
