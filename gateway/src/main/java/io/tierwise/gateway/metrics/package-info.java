/** What operators watch. */
@NullMarked
package io.tierwise.gateway.metrics;

import org.jspecify.annotations.NullMarked;
