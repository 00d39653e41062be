/** What Tierwise answers to bad input and to a failing large model, as docs/errors.md tells it. */
@NullMarked
package io.tierwise.cli.proof;

import org.jspecify.annotations.NullMarked;
