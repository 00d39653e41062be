package io.tierwise.gateway.dialect;

import java.util.Map;

/** How a dialect writes an error. */
@FunctionalInterface
public interface ErrorForm {
  Reply error(int status, DialectError error, Map<String, String> headers);
}
