/**
 * Offline jobs that make the compressed tiers. Nothing here is on the path of a request.
 *
 * <p>A student's life: {@link io.tierwise.distill.label} asks the large model, {@link
 * io.tierwise.distill.bag} trains, {@link io.tierwise.distill.calibrate} and {@link
 * io.tierwise.distill.certify} prove it.
 */
@NullMarked
package io.tierwise.distill;

import org.jspecify.annotations.NullMarked;
