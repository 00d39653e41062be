package io.tierwise.gateway.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.front.Call;
import io.tierwise.gateway.front.UnreadableBodyException;
import io.tierwise.router.request.Cancellation;
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
    HeaderName header = HeaderNames.create(name);
    return request.headers().contains(header)
        ? Optional.of(String.join(",", request.headers().get(header).allValues()))
        : Optional.empty();
  }

  @Override
  public byte[] body() {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream stream = request.content().inputStream()) {
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
