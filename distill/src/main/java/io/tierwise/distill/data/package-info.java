/** Texts and answers in JSON lines, and their split. */
@NullMarked
package io.tierwise.distill.data;

import org.jspecify.annotations.NullMarked;
