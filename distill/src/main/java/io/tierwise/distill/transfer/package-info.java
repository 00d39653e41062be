/** Transfer learning: a new head on a pretrained encoder. */
@NullMarked
package io.tierwise.distill.transfer;

import org.jspecify.annotations.NullMarked;
