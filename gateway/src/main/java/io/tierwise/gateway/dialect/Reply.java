package io.tierwise.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes back to the caller: an HTTP status, headers (lower case) and a body. */
public final class Reply {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String EVENTS = "text/event-stream; charset=utf-8";

  private final int status;
  private final String contentType;
  private final Map<String, String> headers;
  private final byte[] body;
  private final @Nullable Stream stream;

  private Reply(int status, String contentType, Map<String, String> headers, byte[] body) {
    this(status, contentType, headers, body, null);
  }

  private Reply(
      int status,
      String contentType,
      Map<String, String> headers,
      byte[] body,
      @Nullable Stream stream) {
    this.status = status;
    this.contentType = contentType;
    this.headers = Collections.unmodifiableMap(headers);
    this.body = body;
    this.stream = stream;
  }

  /** What is written while the answer is still being made. */
  @FunctionalInterface
  public interface Stream {
    /**
     * Writes all of it, and flushes what the caller is to see at once.
     *
     * @throws IOException when the caller no longer takes it
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /** A body in parts; it must be written once, for what stands behind it ends with it. */
  public static Reply streamed(
      int status, String contentType, Map<String, String> headers, Stream stream) {
    return new Reply(status, contentType, new LinkedHashMap<>(headers), new byte[0], stream);
  }

  /** Another's answer, byte for byte. */
  public static Reply of(int status, String contentType, Map<String, String> headers, byte[] body) {
    return new Reply(status, contentType, new LinkedHashMap<>(headers), body.clone());
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
    return json(status, headers, StrictJson.bytes(body));
  }

  /** Of what nobody else changes. */
  static Reply json(int status, Map<String, String> headers, byte[] body) {
    return new Reply(status, JSON, headers, body);
  }

  /** Server-sent events of JSON, and OpenAI's word for the end of them. */
  static Reply events(Map<String, String> headers, List<byte[]> events) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    events.forEach(event -> writeEvent(body, event));
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
    return headers;
  }

  /** Whether the body comes in parts: then it is to be written by {@link #writeTo}. */
  public boolean inParts() {
    return stream != null;
  }

  /** Writes the body, as it comes where it comes in parts. */
  public void writeTo(OutputStream out) throws IOException {
    if (stream == null) {
      out.write(body);
    } else {
      stream.writeTo(out);
    }
  }

  /** UTF-8, not to be changed. One in parts is waited for, which a front may do once. */
  public byte[] body() {
    if (stream == null) {
      return body;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try {
      stream.writeTo(whole);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not refuse bytes", e);
    }
    return whole.toByteArray();
  }
}
