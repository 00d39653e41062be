/** How requests and answers look on the wire. No HTTP server types in here. */
@NullMarked
package io.tierwise.gateway.dialect;

import org.jspecify.annotations.NullMarked;
