/** What the user wrote: {@code tierwise.yaml} and the price files, read strictly. */
@NullMarked
package io.tierwise.gateway.config;

import org.jspecify.annotations.NullMarked;
