/** The agreement contract: certifying it, gating by it, and watching it live. */
@NullMarked
package io.tierwise.router.contract;

import org.jspecify.annotations.NullMarked;
