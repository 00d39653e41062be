/** Starts the jobs that train the next student. */
@NullMarked
package io.tierwise.functions.retrain;

import org.jspecify.annotations.NullMarked;
