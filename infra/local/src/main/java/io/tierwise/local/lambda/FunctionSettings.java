package io.tierwise.local.lambda;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One function, as a template describes it.
 *
 * @param name what it is invoked by
 * @param folder the unpacked package: classes, {@code lib/*.jar}, whatever else it ships
 * @param handler a class, as in {@code CodeUri}'s {@code Handler}
 * @param memoryMegabytes as on AWS from 128 to 10,240; the heap gets three quarters of it
 * @param timeout for one invocation; what runs longer is killed
 * @param concurrency invocations at once; more are throttled
 * @param environment the variables of its own
 * @param snapStart whether the hooks before a snapshot and after its restoring are run
 * @param javaOptions further ones, as {@code JAVA_TOOL_OPTIONS} gives on AWS
 * @param jars what a container image puts on the class path; a package's are found by the runtime
 */
public record FunctionSettings(
    String name,
    Path folder,
    String handler,
    int memoryMegabytes,
    Duration timeout,
    int concurrency,
    Map<String, String> environment,
    boolean snapStart,
    List<String> javaOptions,
    List<String> jars) {
  private static final int LEAST_MEMORY = 128;
  private static final int MOST_MEMORY = 10_240;

  public FunctionSettings {
    Requirement.identifier("function.name", name);
    Requirement.positive("function.concurrency", concurrency);
    if (memoryMegabytes < LEAST_MEMORY || memoryMegabytes > MOST_MEMORY) {
      throw new InvalidValueException(
          "function.memory",
          memoryMegabytes + " MB is not offered",
          "give " + LEAST_MEMORY + " to " + MOST_MEMORY);
    }
    environment = Map.copyOf(environment);
    javaOptions = List.copyOf(javaOptions);
    jars = List.copyOf(jars);
  }

  /** A package, as a zip is unpacked. */
  public FunctionSettings(
      String name,
      Path folder,
      String handler,
      int memoryMegabytes,
      Duration timeout,
      int concurrency,
      Map<String, String> environment,
      boolean snapStart,
      List<String> javaOptions) {
    this(
        name,
        folder,
        handler,
        memoryMegabytes,
        timeout,
        concurrency,
        environment,
        snapStart,
        javaOptions,
        List.of());
  }
}
