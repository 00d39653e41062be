/** Training on DJL's PyTorch engine: what several jobs share. */
@NullMarked
package io.tierwise.distill.train;

import org.jspecify.annotations.NullMarked;
