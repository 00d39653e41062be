/**
 * Lambda on one box: functions as real processes under AWS's runtime interface client, behind the
 * Runtime API, the Invoke API, queues and an HTTP API.
 */
@NullMarked
package io.tierwise.local.lambda;

import org.jspecify.annotations.NullMarked;
