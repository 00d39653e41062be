/** The bag student: a linear model on hashed features, distilled from the large model's answers. */
@NullMarked
package io.tierwise.distill.bag;

import org.jspecify.annotations.NullMarked;
