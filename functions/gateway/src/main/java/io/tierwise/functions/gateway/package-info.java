/** Answers API Gateway. */
@NullMarked
package io.tierwise.functions.gateway;

import org.jspecify.annotations.NullMarked;
