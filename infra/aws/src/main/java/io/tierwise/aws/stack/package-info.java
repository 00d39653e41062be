/** A stack's stores, for jobs that run beside it. */
@NullMarked
package io.tierwise.aws.stack;

import org.jspecify.annotations.NullMarked;
