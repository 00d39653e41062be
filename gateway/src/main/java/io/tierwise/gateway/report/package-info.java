/** Cost reports as people and programs read them. */
@NullMarked
package io.tierwise.gateway.report;

import org.jspecify.annotations.NullMarked;
