package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;
import java.util.Optional;

/**
 * The API keys, as the gateway asks for them. Trouble with the store is a {@link StoreException}.
 */
public interface Keys {
  /** Who presents this key; empty when it is malformed, unknown, wrong or revoked. */
  Optional<KeyHolder> holder(String presented);

  /** Whose requests they are that come with this key. */
  default Optional<Tenant> authenticate(String presented) {
    return holder(presented).map(KeyHolder::tenant);
  }

  /** Whether no key was ever issued. */
  boolean isEmpty();

  /**
   * Issues a key. Its secret is in the answer and nowhere else.
   *
   * @param admin whether it reaches every tenant's cached answers
   */
  IssuedKey add(Tenant tenant, String note, boolean admin);

  /** Issues a key that reaches its own tenant's. */
  default IssuedKey add(Tenant tenant, String note) {
    return add(tenant, note, false);
  }
}
