/** How many instances of the large model's endpoint the load needs. */
@NullMarked
package io.tierwise.bench.capacity;

import org.jspecify.annotations.NullMarked;
