/** How sure a candidate is, on a calibrated scale. */
@NullMarked
package io.tierwise.router.confidence;

import org.jspecify.annotations.NullMarked;
