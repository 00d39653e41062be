/** Which region the services are asked in. */
@NullMarked
package io.tierwise.aws.region;

import org.jspecify.annotations.NullMarked;
