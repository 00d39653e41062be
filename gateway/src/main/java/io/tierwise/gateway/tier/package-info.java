/** The ways to answer: the exact cache, and the large model behind its guards. */
@NullMarked
package io.tierwise.gateway.tier;

import org.jspecify.annotations.NullMarked;
