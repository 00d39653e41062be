/** Curves as self-contained pages: they need no script, no network, and print as they look. */
@NullMarked
package io.tierwise.bench.plot;

import org.jspecify.annotations.NullMarked;
