/** Asking the large model for its answers to a file of texts. */
@NullMarked
package io.tierwise.distill.label;

import org.jspecify.annotations.NullMarked;
