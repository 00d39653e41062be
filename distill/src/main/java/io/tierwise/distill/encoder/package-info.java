/** Small transformers: imported, cut, distilled, pruned, quantized and updated. */
@NullMarked
package io.tierwise.distill.encoder;

import org.jspecify.annotations.NullMarked;
