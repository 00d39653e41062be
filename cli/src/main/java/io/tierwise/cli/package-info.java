/** The command line: one small class per command, which reads options and calls the product. */
@NullMarked
package io.tierwise.cli;

import org.jspecify.annotations.NullMarked;
