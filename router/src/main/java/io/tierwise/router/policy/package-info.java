/** Which tiers are worth trying, and what was decided. */
@NullMarked
package io.tierwise.router.policy;

import org.jspecify.annotations.NullMarked;
