/** Making a student's confidence mean what it says. */
@NullMarked
package io.tierwise.distill.calibrate;

import org.jspecify.annotations.NullMarked;
