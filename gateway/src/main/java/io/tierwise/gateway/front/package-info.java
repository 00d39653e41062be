/** The HTTP interface without a server: calls in, replies out. */
@NullMarked
package io.tierwise.gateway.front;

import org.jspecify.annotations.NullMarked;
