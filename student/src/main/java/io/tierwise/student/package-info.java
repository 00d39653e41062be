/** The small model's runtime. */
@NullMarked
package io.tierwise.student;

import org.jspecify.annotations.NullMarked;
