package io.tierwise.gateway.server;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.webserver.http.ServerRequest;
import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.front.Call;
import io.tierwise.gateway.front.UnreadableBodyException;
import io.tierwise.router.request.Cancellation;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A request on the server's socket. */
record ServerCall(ServerRequest request, CallerWatch watch) implements Call {
  /** Read and dropped of a body that is too large, so that the caller gets to read the refusal. */
  private static final long MOST_DROPPED = 4L * OpenAiDialect.MAXIMUM_BODY_BYTES;

  @Override
  public String method() {
    return request.prologue().method().text();
  }

  @Override
  public String path() {
    return request.path().path();
  }

  @Override
  public Map<String, String> query() {
    Map<String, String> query = new HashMap<>();
    request.query().toMap().forEach((name, values) -> query.put(name, values.getFirst()));
    return query;
  }

  @Override
  public Optional<String> header(String name) {
    HeaderName header = Headers.name(name);
    if (!request.headers().contains(header)) {
      return Optional.empty();
    }
    Header found = request.headers().get(header);
    return Optional.of(found.valueCount() == 1 ? found.get() : String.join(",", found.allValues()));
  }

  /** One that does not say its length may have the most there may be. */
  @Override
  public long bodyBytes() {
    if (!request.content().hasEntity()) {
      return 0;
    }
    long most = OpenAiDialect.MAXIMUM_BODY_BYTES;
    return Math.min(request.headers().contentLength().orElse(most), most);
  }

  @Override
  public byte[] body() {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    long length = request.headers().contentLength().orElse(Long.MAX_VALUE);
    try (InputStream stream = request.content().inputStream()) {
      if (length <= OpenAiDialect.MAXIMUM_BODY_BYTES) {
        return whole(stream, (int) length);
      }
      byte[] body = stream.readNBytes(OpenAiDialect.MAXIMUM_BODY_BYTES + 1);
      if (body.length > OpenAiDialect.MAXIMUM_BODY_BYTES) {
        drop(stream);
        throw OpenAiDialect.tooLarge();
      }
      return body;
    } catch (DialectException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The server has no one exception for this: a broken chunk is a NumberFormatException.
      throw new UnreadableBodyException(e);
    }
  }

  /** Of a length that is known beforehand: into one array, which is not copied. */
  private static byte[] whole(InputStream stream, int length) throws IOException {
    byte[] body = new byte[length];
    if (stream.readNBytes(body, 0, length) < length) {
      throw new EOFException("the body broke off");
    }
    return body;
  }

  @Override
  public void waits(Cancellation cancellation) {
    watch.begin(request, cancellation);
  }

  @Override
  public void answered() {
    watch.end(request);
  }

  private static void drop(InputStream stream) throws IOException {
    long left = MOST_DROPPED;
    byte[] piece = new byte[16 * 1024];
    int read = 0;
    while (left > 0 && read >= 0) {
      read = stream.read(piece);
      left -= read;
    }
  }
}
