/** What is known of each task's contract: its certificate, and what the audits say since. */
@NullMarked
package io.tierwise.gateway.contract;

import org.jspecify.annotations.NullMarked;
