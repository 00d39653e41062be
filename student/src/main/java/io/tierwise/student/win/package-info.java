/** Which of two models a prompt needs. */
@NullMarked
package io.tierwise.student.win;

import org.jspecify.annotations.NullMarked;
