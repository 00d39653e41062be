package io.tierwise.cli.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends requests byte by byte, also such as no HTTP client would. */
final class RawClient {
  private final int port;
  private final String key;

  RawClient(int port, String key) {
    this.port = port;
    this.key = key;
  }

  /** What came back. */
  record Reply(int status, String head, String body) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(body);
    }
  }

  /** A request with a key, a length and these further header lines. */
  Reply send(String method, String path, byte[] body, String... headers) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("authorization: Bearer " + key);
    lines.add("content-type: application/json");
    lines.add("content-length: " + body.length);
    lines.addAll(List.of(headers));
    return sendOnly(method, path, body, lines);
  }

  /** A request with these header lines and no other, but for its host. */
  Reply sendOnly(String method, String path, byte[] body, List<String> headers) throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n"
            + String.join("\r\n", headers)
            + "\r\n\r\n";
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(body);
    return exchange(request.toByteArray());
  }

  Reply exchange(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
      } catch (SocketException e) {
        // It has said what it has to say before it read everything.
      }
      return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  String key() {
    return key;
  }

  private static Reply parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Reply(0, text, "");
    }
    String head = text.substring(0, end);
    int status = Integer.parseInt(head.split(" ", 3)[1]);
    String body = text.substring(end + 4);
    return new Reply(status, head, body);
  }
}
