/** From an input to a label, with a calibrated confidence. */
@NullMarked
package io.tierwise.student.model;

import org.jspecify.annotations.NullMarked;
