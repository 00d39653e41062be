/** Training on several replicas at once: shards, and gradients averaged in every step. */
@NullMarked
package io.tierwise.distill.parallel;

import org.jspecify.annotations.NullMarked;
