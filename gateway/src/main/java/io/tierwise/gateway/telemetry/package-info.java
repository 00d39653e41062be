/** What the gateway tells a collector of OpenTelemetry. */
@NullMarked
package io.tierwise.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
