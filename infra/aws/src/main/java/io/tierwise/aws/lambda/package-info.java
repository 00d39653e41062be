/** What the handlers share: events in, answers out, and the composition root behind them. */
@NullMarked
package io.tierwise.aws.lambda;

import org.jspecify.annotations.NullMarked;
