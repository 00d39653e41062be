/** The HTTP server: the only package that knows which one it is. */
@NullMarked
package io.tierwise.gateway.server;

import org.jspecify.annotations.NullMarked;
