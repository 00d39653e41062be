/** Audits on their way through a queue. */
@NullMarked
package io.tierwise.aws.audit;

import org.jspecify.annotations.NullMarked;
