/** Free-form chat between two upstreams: passed through, routed before the call, on the ledger. */
@NullMarked
package io.tierwise.gateway.chat;

import org.jspecify.annotations.NullMarked;
