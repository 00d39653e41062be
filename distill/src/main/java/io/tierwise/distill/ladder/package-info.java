/** Recipes that chain jobs into a ladder of compressed tiers, and what each rung measures. */
@NullMarked
package io.tierwise.distill.ladder;

import org.jspecify.annotations.NullMarked;
