package io.tierwise.gateway.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of what a store outside has kept. */
record StoredFields(String what, Map<String, String> fields) {
  String text(String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("a stored " + what + " lacks its " + name);
    }
    return value;
  }

  @Nullable String orNull(String name) {
    return fields.get(name);
  }

  double real(String name) {
    return Double.parseDouble(text(name));
  }

  int whole(String name) {
    return Integer.parseInt(text(name));
  }

  long count(String name) {
    return Long.parseLong(text(name));
  }

  Instant moment(String name) {
    return Instant.parse(text(name));
  }
}
