/** Money, prices, budgets. Nothing here holds money in floating point. */
@NullMarked
package io.tierwise.router.cost;

import org.jspecify.annotations.NullMarked;
