/** Metrics as CloudWatch reads them from a log. */
@NullMarked
package io.tierwise.aws.metrics;

import org.jspecify.annotations.NullMarked;
