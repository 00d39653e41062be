package io.tierwise.gateway.dialect;

import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back to the caller: an HTTP status, headers (lower case) and a JSON body. */
public final class Reply {
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  Reply(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = new LinkedHashMap<>(headers);
    this.body = body;
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return Map.copyOf(headers);
  }

  /** UTF-8 JSON; the caller's to keep. */
  public byte[] body() {
    return body.clone();
  }
}
