package io.tierwise.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** HTTP/1.1 requests as they go on the wire, made before anything is measured. */
public final class RequestFile {
  private RequestFile() {}

  /** A POST of a JSON body. */
  public static byte[] post(String path, Map<String, String> headers, String body) {
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(path).append(" HTTP/1.1\r\nhost: bench\r\n");
    head.append("content-type: application/json\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    byte[] content = body.getBytes(UTF_8);
    head.append("content-length: ").append(content.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(UTF_8);
    byte[] whole = new byte[start.length + content.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(content, 0, whole, start.length, content.length);
    return whole;
  }

  public static Path write(Path file, List<byte[]> requests) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(requests.size());
      for (byte[] request : requests) {
        out.writeInt(request.length);
        out.write(request);
      }
    }
    return file;
  }

  static List<byte[]> read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      int count = in.readInt();
      List<byte[]> requests = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        requests.add(in.readNBytes(in.readInt()));
      }
      return requests;
    }
  }
}
