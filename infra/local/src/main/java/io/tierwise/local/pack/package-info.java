/** Functions' packages: the folders that a template's {@code CodeUri} points at. */
@NullMarked
package io.tierwise.local.pack;

import org.jspecify.annotations.NullMarked;
