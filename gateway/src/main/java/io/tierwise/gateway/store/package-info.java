/** What must outlive the process: keys, gates, certificates, cached answers, corpus and audits. */
@NullMarked
package io.tierwise.gateway.store;

import org.jspecify.annotations.NullMarked;
