/** Runs the small model alone. */
@NullMarked
package io.tierwise.functions.student;

import org.jspecify.annotations.NullMarked;
