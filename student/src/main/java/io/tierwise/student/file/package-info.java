/** Writes that survive a crash: whole or not at all. */
@NullMarked
package io.tierwise.student.file;

import org.jspecify.annotations.NullMarked;
