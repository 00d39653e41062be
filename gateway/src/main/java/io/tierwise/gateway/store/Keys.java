package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;
import java.util.Optional;

/**
 * The API keys, as the gateway asks for them. Trouble with the store is a {@link StoreException}.
 */
public interface Keys {
  /** Who presents this key; empty when it is malformed, unknown, wrong or revoked. */
  Optional<Tenant> authenticate(String presented);

  /** Whether no key was ever issued. */
  boolean isEmpty();

  /** Issues a key. Its secret is in the answer and nowhere else. */
  IssuedKey add(Tenant tenant, String note);
}
