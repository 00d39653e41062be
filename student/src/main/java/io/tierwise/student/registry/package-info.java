/** Where artifacts are kept, and which of them is live. */
@NullMarked
package io.tierwise.student.registry;

import org.jspecify.annotations.NullMarked;
