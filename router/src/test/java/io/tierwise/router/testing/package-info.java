/** Ports in memory, scripted tiers and the contracts of ports; for the tests of every module. */
@NullMarked
package io.tierwise.router.testing;

import org.jspecify.annotations.NullMarked;
