package io.tierwise.gateway.store;

/**
 * A key as it is handed out, once: the store keeps no way back to it.
 *
 * @param id names the key, for listing and revoking; no secret
 * @param secretKey what the caller presents: {@code tw_<id>_<secret>}
 */
public record IssuedKey(String id, String secretKey) {
  /** Keeps the secret out of logs. */
  @Override
  public String toString() {
    return "IssuedKey[id=" + id + "]";
  }
}
