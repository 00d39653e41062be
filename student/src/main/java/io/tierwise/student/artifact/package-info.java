/** A student's files, and the manifest that says what they are. */
@NullMarked
package io.tierwise.student.artifact;

import org.jspecify.annotations.NullMarked;
