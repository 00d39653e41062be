/** From gathered answers to a live student, without a hand. */
@NullMarked
package io.tierwise.gateway.flywheel;

import org.jspecify.annotations.NullMarked;
