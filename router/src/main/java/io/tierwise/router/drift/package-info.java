/**
 * What has changed in a task's traffic or in its large model, by name. It informs and decides
 * nothing.
 */
@NullMarked
package io.tierwise.router.drift;

import org.jspecify.annotations.NullMarked;
