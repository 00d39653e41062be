/** What becomes of the large model's answers: the corpus and the audits. */
@NullMarked
package io.tierwise.gateway.learning;

import org.jspecify.annotations.NullMarked;
