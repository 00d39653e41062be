/** What a caller asks, and what an answer is. */
@NullMarked
package io.tierwise.router.request;

import org.jspecify.annotations.NullMarked;
