package io.tierwise.gateway.server;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.ArrayList;
import java.util.List;

/** The server's paths. Each knows one method and refuses all others. */
final class Paths {
  private final HttpRouting.Builder routing = HttpRouting.builder();
  private final List<Path> all = new ArrayList<>();
  private final Exchanges exchanges;

  Paths(Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  /**
   * One path.
   *
   * @param pattern with its parameters in braces, as in {@code /v1/models/{name}}
   */
  record Path(String method, String pattern) {}

  Paths get(String pattern, Exchanges.Route route) {
    return plain(pattern, exchanges.handler(route));
  }

  /** A path to GET whose answers are not counted among the dialects'. */
  Paths plain(String pattern, Handler handler) {
    routing.get(pattern, handler);
    return known("GET", pattern);
  }

  Paths post(String pattern, Exchanges.Route route) {
    routing.post(pattern, exchanges.handler(route));
    return known("POST", pattern);
  }

  private Paths known(String method, String pattern) {
    routing.any(pattern, exchanges.onlyAllows(method));
    all.add(new Path(method, pattern));
    return this;
  }

  List<Path> all() {
    return List.copyOf(all);
  }

  /** What is at none of these paths is not found. */
  HttpRouting.Builder routing() {
    return routing.any(exchanges.handler(Exchanges::notFound));
  }
}
