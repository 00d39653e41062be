/** Artifacts side by side: how often they are right, how large and how fast they are. */
@NullMarked
package io.tierwise.distill.measure;

import org.jspecify.annotations.NullMarked;
