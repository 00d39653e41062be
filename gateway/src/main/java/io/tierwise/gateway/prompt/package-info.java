/** How a language model is asked for a label, and where its answer holds it. */
@NullMarked
package io.tierwise.gateway.prompt;

import org.jspecify.annotations.NullMarked;
