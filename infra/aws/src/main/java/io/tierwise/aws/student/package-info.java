/** The student as a function: what is sent and what comes back, and both ends of it. */
@NullMarked
package io.tierwise.aws.student;

import org.jspecify.annotations.NullMarked;
