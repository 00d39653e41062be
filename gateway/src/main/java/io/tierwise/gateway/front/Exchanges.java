package io.tierwise.gateway.front;

import io.tierwise.gateway.dialect.DialectError;
import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.gateway.dialect.ErrorForm;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.OpenInferenceDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.dialect.TierwiseHeaders;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.StoreException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;

/** What every route has in common: request ids, errors in its dialect's form, counting. */
final class Exchanges {
  private static final System.Logger LOG = System.getLogger(Exchanges.class.getName());

  private final Metrics metrics;
  private final Supplier<String> ids;

  Exchanges(Metrics metrics, Supplier<String> ids) {
    this.metrics = metrics;
    this.ids = ids;
  }

  /** Answers one request. */
  @FunctionalInterface
  interface Route {
    /**
     * @throws DialectException to refuse the request
     */
    Reply reply(Call request, String requestId);
  }

  /** Refuses a method that a path does not know. */
  Reply onlyAllows(String method, Call call) {
    String message = "This path knows " + method + ", not " + call.method() + ".";
    DialectError error =
        new DialectError(message, "invalid_request_error", null, "method_not_allowed");
    Map<String, String> headers = Map.of(TierwiseHeaders.REQUEST_ID, ids.get(), "allow", method);
    return formAt(call.path()).error(405, error, headers);
  }

  static Reply notFound(Call request, String requestId) {
    DialectError error =
        new DialectError(
            "There is nothing at this path.", "invalid_request_error", null, "not_found");
    return formAt(request.path()).error(404, error, idHeader(requestId));
  }

  /** Refuses what the gateway cannot get to in time. */
  static Reply overloaded(Call request, String requestId) {
    DialectError error =
        new DialectError(
            "The gateway has more to do than it can do in time; try again.",
            "server_error",
            null,
            "overloaded");
    return formAt(request.path())
        .error(503, error, Map.of(TierwiseHeaders.REQUEST_ID, requestId, "retry-after", "1"));
  }

  /** The form that whoever calls this path expects errors in. */
  static ErrorForm formAt(String path) {
    return path.equals("/v2") || path.startsWith("/v2/")
        ? OpenInferenceDialect::error
        : OpenAiDialect::error;
  }

  Reply counted(Reply reply) {
    metrics.responded(reply.status());
    return reply;
  }

  /** What a route answers. No exception of the route's gets past it unanswered. */
  Reply reply(Route route, Call request) {
    String id = ids.get();
    ErrorForm form = formAt(request.path());
    try {
      return route.reply(request, id);
    } catch (DialectException e) {
      return form.error(e.status(), e.error(), headers(e.status(), id));
    } catch (UnreadableBodyException e) {
      DialectError error =
          DialectError.invalid("body", "The body broke off or is framed wrongly.", "invalid_http");
      return form.error(400, error, closing(id));
    } catch (StoreException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.ERROR, "request " + id + " met a store in trouble", e);
      DialectError error =
          new DialectError(
              "A store cannot be reached for request " + id + "; try again.",
              "server_error",
              null,
              "store_trouble");
      return form.error(503, error, Map.of(TierwiseHeaders.REQUEST_ID, id, "retry-after", "1"));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "request " + id + " failed", e);
      DialectError error =
          new DialectError(
              "The server failed on request " + id + ".", "server_error", null, "internal_error");
      return form.error(500, error, idHeader(id));
    } finally {
      request.answered();
    }
  }

  private static Map<String, String> headers(int status, String id) {
    return switch (status) {
      case 401 -> Map.of(TierwiseHeaders.REQUEST_ID, id, "www-authenticate", "Bearer");
      // What is left of the body is not read, so the connection cannot be used again.
      case 413 -> closing(id);
      default -> idHeader(id);
    };
  }

  private static Map<String, String> closing(String id) {
    return Map.of(TierwiseHeaders.REQUEST_ID, id, "connection", "close");
  }

  private static Map<String, String> idHeader(String id) {
    return Map.of(TierwiseHeaders.REQUEST_ID, id);
  }
}
