/** From a text to the hashed features that a bag student reads. */
@NullMarked
package io.tierwise.student.feature;

import org.jspecify.annotations.NullMarked;
