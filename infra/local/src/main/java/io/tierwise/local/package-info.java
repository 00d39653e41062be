/** Stand-ins for the outside world, as real servers. */
@NullMarked
package io.tierwise.local;

import org.jspecify.annotations.NullMarked;
