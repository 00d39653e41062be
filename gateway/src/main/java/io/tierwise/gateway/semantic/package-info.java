/** Answers to questions that mean the same: the guards, and the nearest neighbour among vectors. */
@NullMarked
package io.tierwise.gateway.semantic;

import org.jspecify.annotations.NullMarked;
