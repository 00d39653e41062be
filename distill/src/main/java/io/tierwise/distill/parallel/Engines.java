package io.tierwise.distill.parallel;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engines by name. */
public final class Engines {
  private Engines() {}

  /**
   * @throws InvalidValueException when no engine of that name is on the class path
   */
  public static Engine open(String name, int workers) {
    Requirement.positive("workers", workers);
    if (name.equals(Engine.LOCAL)) {
      return Engine.local();
    }
    List<EngineProvider> providers =
        ServiceLoader.load(EngineProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .sorted(Comparator.comparing(EngineProvider::name))
            .toList();
    for (EngineProvider provider : providers) {
      if (provider.name().equals(name)) {
        return provider.open(workers);
      }
    }
    String present =
        Stream.concat(Stream.of(Engine.LOCAL), providers.stream().map(EngineProvider::name))
            .collect(Collectors.joining(", "));
    throw new InvalidValueException(
        "engine",
        "'" + name + "' is not on the class path (there is: " + present + ")",
        "start ./tierwise with --engine spark, which puts Spark there");
  }
}
