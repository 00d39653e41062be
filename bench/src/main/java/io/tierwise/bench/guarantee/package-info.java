/** Whether the contract's promises hold, measured where the truth is known. */
@NullMarked
package io.tierwise.bench.guarantee;

import org.jspecify.annotations.NullMarked;
