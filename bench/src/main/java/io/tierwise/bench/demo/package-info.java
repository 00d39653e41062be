/** The main job, end to end, on hand-written texts: real processes, a real client, real sockets. */
@NullMarked
package io.tierwise.bench.demo;

import org.jspecify.annotations.NullMarked;
