package io.tierwise.gateway.store;

import org.jspecify.annotations.Nullable;

/** What an audit speaks for. */
public sealed interface AuditScope {
  /** The running contract of a certificate that the gate was open under. */
  record Under(String certificate) implements AuditScope {}

  /** A student whose candidates were only scored, as the gate was not open; empty for none. */
  record Shadow(String artifact) implements AuditScope {}

  static AuditScope of(@Nullable String certificate, @Nullable String artifact) {
    if (certificate != null) {
      return new Under(certificate);
    }
    return new Shadow(artifact == null ? "" : artifact);
  }
}
