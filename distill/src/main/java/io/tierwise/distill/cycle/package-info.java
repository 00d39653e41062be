/** From the corpus to a live student, in one go. */
@NullMarked
package io.tierwise.distill.cycle;

import org.jspecify.annotations.NullMarked;
