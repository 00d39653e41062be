/** One way to answer a request, and what an attempt at it yields. */
@NullMarked
package io.tierwise.router.tier;

import org.jspecify.annotations.NullMarked;
