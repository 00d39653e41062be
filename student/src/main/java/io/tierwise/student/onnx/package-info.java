/** ONNX graphs on the CPU. */
@NullMarked
package io.tierwise.student.onnx;

import org.jspecify.annotations.NullMarked;
