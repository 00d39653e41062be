/** From a text to one vector that says what it means. */
@NullMarked
package io.tierwise.student.encoder;

import org.jspecify.annotations.NullMarked;
