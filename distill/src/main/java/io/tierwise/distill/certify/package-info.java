/** Proving a student on audited requests that it never saw. */
@NullMarked
package io.tierwise.distill.certify;

import org.jspecify.annotations.NullMarked;
