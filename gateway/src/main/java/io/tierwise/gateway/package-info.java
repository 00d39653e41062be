/** The product. {@link io.tierwise.gateway.Gateway} puts its parts together. */
@NullMarked
package io.tierwise.gateway;

import org.jspecify.annotations.NullMarked;
