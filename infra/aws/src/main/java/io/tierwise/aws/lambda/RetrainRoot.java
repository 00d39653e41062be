package io.tierwise.aws.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;

/**
 * The composition root of the retrain function. A task's student is due when it has none, or when
 * the live one is older than the policy allows; at most one training a task and day is started.
 */
public final class RetrainRoot {
  /** How old a live student may become, in days. */
  static final String AFTER_DAYS = "TIERWISE_RETRAIN_AFTER_DAYS";

  private static final Duration OLDEST = Duration.ofDays(7);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Environment environment;
  private final Registry registry;
  private final Clock clock;

  private RetrainRoot(Environment environment, Registry registry, Clock clock) {
    this.environment = environment;
    this.registry = registry;
    this.clock = clock;
  }

  public static RetrainRoot open(Environment environment) {
    Clock clock = Clock.systemUTC();
    Registry registry = Registries.of(environment, clock);
    return new RetrainRoot(
        environment,
        registry == null ? new DirectoryRegistry(Path.of("/tmp/registry"), clock) : registry,
        clock);
  }

  /** Starts what is due, and answers for each task what was decided and why. */
  public void decide(OutputStream out) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    for (String task : environment.tasks()) {
      Optional<String> due = due(task);
      ObjectNode node = answer.putObject(task);
      node.put("reason", due.orElse("the live student is young enough"));
      node.put("started", due.isPresent() && start(task, due.get()));
    }
    JSON.writeValue(out, answer);
  }

  private Optional<String> due(String task) throws IOException {
    Optional<Artifact> live = registry.resolve(task, Registry.LIVE);
    if (live.isEmpty()) {
      return Optional.of("it has no live student");
    }
    Instant made = live.get().manifest().createdAt();
    Duration oldest =
        environment
            .get(AFTER_DAYS)
            .map(days -> Duration.ofDays(Long.parseLong(days)))
            .orElse(OLDEST);
    return Duration.between(made, clock.instant()).compareTo(oldest) > 0
        ? Optional.of("the live student was made at " + made)
        : Optional.empty();
  }

  /** The execution's name is the task and the day, so a second start on one day is none. */
  private boolean start(String task, String reason) {
    Optional<String> machine = environment.get(Environment.STATE_MACHINE);
    if (machine.isEmpty()) {
      return false;
    }
    String input = JSON.createObjectNode().put("task", task).put("reason", reason).toString();
    String name = task + "-" + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    try (SfnClient client = Clients.sfn(environment)) {
      client.startExecution(
          request -> request.stateMachineArn(machine.get()).name(name).input(input));
      return true;
    } catch (ExecutionAlreadyExistsException e) {
      return false;
    }
  }
}
