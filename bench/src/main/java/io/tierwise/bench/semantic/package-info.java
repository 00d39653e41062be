/** How often a semantic cache answers, and how often wrongly. */
@NullMarked
package io.tierwise.bench.semantic;

import org.jspecify.annotations.NullMarked;
