/** What several packages' tests share. */
@NullMarked
package io.tierwise.gateway.testing;

import org.jspecify.annotations.NullMarked;
