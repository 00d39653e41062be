package io.tierwise.gateway.tier;

import java.net.URI;
import java.util.Map;

/** Signs calls to endpoints that know their callers by a signature instead of a key. */
public interface RequestSigner {
  /** For where nothing is signed. */
  RequestSigner NONE =
      new RequestSigner() {
        @Override
        public boolean signs(URI target) {
          return false;
        }

        @Override
        public Map<String, String> headers(URI target, byte[] body) {
          return Map.of();
        }
      };

  /** Whether calls to this address are signed. */
  boolean signs(URI target);

  /** What the signature adds to the headers of a POST of JSON. */
  Map<String, String> headers(URI target, byte[] body);
}
