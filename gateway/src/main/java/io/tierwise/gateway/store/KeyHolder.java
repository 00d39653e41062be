package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;

/** Who presents a key. */
public sealed interface KeyHolder {
  /** Who asks for answers, and reaches what is its tenant's. */
  record Caller(Tenant tenant) implements KeyHolder {}

  /** Who asks for none, and reaches every tenant's. */
  record Administrator() implements KeyHolder {}
}
