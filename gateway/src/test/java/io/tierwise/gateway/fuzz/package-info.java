/** Bytes from outside, as they come and as they should not. */
@NullMarked
package io.tierwise.gateway.fuzz;

import org.jspecify.annotations.NullMarked;
