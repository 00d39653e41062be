/** Load: a generator and an upstream cheap enough not to be what is measured, each a process. */
@NullMarked
package io.tierwise.bench.load;

import org.jspecify.annotations.NullMarked;
