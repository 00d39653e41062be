/** What tenants may spend. */
@NullMarked
package io.tierwise.gateway.budget;

import org.jspecify.annotations.NullMarked;
