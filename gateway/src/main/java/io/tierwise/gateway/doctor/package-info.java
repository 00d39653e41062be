/** Looks at machine, data and endpoints, and says what to do about what it finds. */
@NullMarked
package io.tierwise.gateway.doctor;

import org.jspecify.annotations.NullMarked;
