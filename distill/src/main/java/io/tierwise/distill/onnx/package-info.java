/** ONNX graphs of the students, built node by node. */
@NullMarked
package io.tierwise.distill.onnx;

import org.jspecify.annotations.NullMarked;
