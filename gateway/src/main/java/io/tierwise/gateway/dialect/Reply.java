package io.tierwise.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What goes back to the caller: an HTTP status, headers (lower case) and a body. */
public final class Reply {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String EVENTS = "text/event-stream; charset=utf-8";

  private final int status;
  private final String contentType;
  private final Map<String, String> headers;
  private final byte[] body;

  private Reply(int status, String contentType, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.headers = new LinkedHashMap<>(headers);
    this.body = body;
  }

  /** Any content, and no headers but its type. */
  public static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, contentType, Map.of(), body.clone());
  }

  /** The same with further headers. */
  public Reply with(Map<String, String> further) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(further);
    return new Reply(status, contentType, all, body);
  }

  static Reply json(int status, Map<String, String> headers, JsonNode body) {
    return new Reply(status, JSON, headers, StrictJson.bytes(body));
  }

  /** Server-sent events, one per node, and OpenAI's word for the end of them. */
  static Reply events(Map<String, String> headers, List<? extends JsonNode> events) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    events.forEach(event -> writeEvent(body, StrictJson.bytes(event)));
    writeEvent(body, ascii("[DONE]"));
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("cache-control", "no-cache");
    return new Reply(200, EVENTS, all, body.toByteArray());
  }

  private static void writeEvent(ByteArrayOutputStream body, byte[] data) {
    body.writeBytes(ascii("data: "));
    body.writeBytes(data);
    body.writeBytes(ascii("\n\n"));
  }

  private static byte[] ascii(String words) {
    return words.getBytes(StandardCharsets.US_ASCII);
  }

  public int status() {
    return status;
  }

  public String contentType() {
    return contentType;
  }

  public Map<String, String> headers() {
    return Map.copyOf(headers);
  }

  /** UTF-8; the caller's to keep. */
  public byte[] body() {
    return body.clone();
  }
}
