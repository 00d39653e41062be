package io.tierwise.gateway.store;

import java.util.List;

/** The API keys, as their administrator sees them. Trouble is a {@link StoreException}. */
public interface ManagedKeys extends Keys {
  /** Every key ever issued, oldest first, revoked ones included. */
  List<KeyRow> list();

  /**
   * Revokes a key for good.
   *
   * @return false when there is no such key, or it was revoked before
   */
  boolean revoke(String id);
}
