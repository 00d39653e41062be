/** The ways to make a model smaller, each a job from one artifact to the next. */
@NullMarked
package io.tierwise.distill.compress;

import org.jspecify.annotations.NullMarked;
