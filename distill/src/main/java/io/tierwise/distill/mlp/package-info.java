/** Multilayer perceptrons over feature vectors: their weights, their training and their graph. */
@NullMarked
package io.tierwise.distill.mlp;

import org.jspecify.annotations.NullMarked;
