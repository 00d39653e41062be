/**
 * The decision core. Pure Java: no I/O, no HTTP, no AWS; clocks and randomness are passed in.
 *
 * <p>Start at {@link io.tierwise.router.Cascade}: the whole way of one request.
 */
@NullMarked
package io.tierwise.router;

import org.jspecify.annotations.NullMarked;
