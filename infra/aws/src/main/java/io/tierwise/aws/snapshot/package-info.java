/** What must not be the same in two copies of one snapshot. */
@NullMarked
package io.tierwise.aws.snapshot;

import org.jspecify.annotations.NullMarked;
