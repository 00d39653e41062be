package io.tierwise.local.lambda;

/**
 * One route of an HTTP API.
 *
 * @param method {@code ANY} for all of them
 * @param path with {@code {name}} for one segment and {@code {name+}} for all that are left
 * @param function what it is answered by
 */
public record HttpRoute(String method, String path, String function) {
  String key() {
    return method + " " + path;
  }

  boolean matches(String method, String path) {
    return (this.method.equals("ANY") || this.method.equals(method)) && matches(path);
  }

  private boolean matches(String path) {
    String[] wanted = this.path.split("/", -1);
    String[] given = path.split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].endsWith("+}")) {
        return given.length > i;
      }
      if (i >= given.length || !(wanted[i].startsWith("{") || wanted[i].equals(given[i]))) {
        return false;
      }
    }
    return wanted.length == given.length;
  }
}
