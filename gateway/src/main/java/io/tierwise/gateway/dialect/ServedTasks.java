package io.tierwise.gateway.dialect;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tasks by their names, in the order of the configuration. */
final class ServedTasks {
  private final Map<String, ServedTask> byName;

  ServedTasks(Collection<ServedTask> tasks) {
    this.byName =
        tasks.stream()
            .collect(
                Collectors.toMap(
                    served -> served.task().name(),
                    Function.identity(),
                    (first, second) -> first,
                    LinkedHashMap::new));
  }

  Collection<ServedTask> all() {
    return byName.values();
  }

  /**
   * @throws DialectException 404 when there is none of this name
   */
  ServedTask named(String model) {
    ServedTask served = byName.get(model);
    if (served == null) {
      String message =
          "The model `"
              + StrictJson.excerpt(model)
              + "` does not exist or you do not have access to it.";
      throw new DialectException(404, DialectError.invalid("model", message, "model_not_found"));
    }
    return served;
  }
}
