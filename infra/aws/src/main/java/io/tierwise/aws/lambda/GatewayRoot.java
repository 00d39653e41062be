package io.tierwise.aws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.aws.audit.SqsAudits;
import io.tierwise.aws.ledger.LogLedger;
import io.tierwise.aws.metrics.EmbeddedMetrics;
import io.tierwise.aws.snapshot.ReseededRandom;
import io.tierwise.aws.student.FunctionStudent;
import io.tierwise.gateway.AuditQueue;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.Services;
import io.tierwise.gateway.StudentLoader;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.dialect.ServedTask;
import io.tierwise.gateway.front.Front;
import io.tierwise.gateway.learning.AuditMessage;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.request.Task;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The composition root of the functions that hold a gateway: gateway and audit. */
public final class GatewayRoot {
  private static final Duration OLDEST_STATE = Duration.ofSeconds(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Gateway gateway;
  private final Front front;
  private final EmbeddedMetrics metrics;
  private final AtomicReference<Instant> refreshed;

  private GatewayRoot(Gateway gateway) {
    this.gateway = gateway;
    this.front = Front.of(gateway);
    this.metrics = new EmbeddedMetrics(gateway.clock(), System.out);
    this.refreshed = new AtomicReference<>(gateway.clock().instant());
    gateway.metrics().sandboxStarted();
  }

  public static GatewayRoot open(Environment environment) {
    Natives.usePackaged(environment.taskRoot());
    TierwiseConfig config = environment.config();
    ReseededRandom random = ReseededRandom.registered();
    return new GatewayRoot(
        Gateway.open(
            config,
            Surroundings.of(Clock.systemUTC(), random),
            name -> name == null ? null : environment.get(name).orElse(null),
            services(environment, config, random)));
  }

  private static Services services(
      Environment environment, TierwiseConfig config, ReseededRandom random) {
    Tables tables = new Tables(environment, Clock.systemUTC());
    boolean logged = environment.get(Environment.LEDGER).filter("log"::equals).isPresent();
    return new Services(
        tables.keys(),
        tables.answers(),
        tables.budgets(config.limits()),
        logged ? new LogLedger(System.out) : null,
        Registries.of(environment, Clock.systemUTC()),
        audits(environment).orElse(null),
        students(environment),
        () -> {
          throw new IOException("the functions have no encoder for it");
        },
        random);
  }

  private static StudentLoader students(Environment environment) {
    Optional<String> function = environment.get(Environment.STUDENT_FUNCTION);
    if (function.isEmpty()) {
      return Student::load;
    }
    LambdaClient lambda = Clients.lambda(environment);
    return artifact -> new FunctionStudent(lambda, function.get(), artifact);
  }

  private static Optional<AuditQueue> audits(Environment environment) {
    return environment
        .get(Environment.AUDIT_QUEUE)
        .map(url -> new SqsAudits(Clients.sqs(environment), url));
  }

  /** Answers one event of API Gateway. */
  public void http(InputStream in, OutputStream out) throws IOException {
    follow();
    out.write(HttpEvent.answer(front.answer(HttpEvent.read(in))));
    metrics.write(gateway.metrics().scrape());
  }

  /** Makes a batch of audits, and answers which of them are to be delivered again. */
  public void audits(InputStream in, OutputStream out) throws IOException {
    follow();
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode failures = answer.putArray("batchItemFailures");
    for (JsonNode message : JSON.readTree(in).path("Records")) {
      if (!made(message)) {
        failures.addObject().put("itemIdentifier", message.path("messageId").asText());
      }
    }
    JSON.writeValue(out, answer);
    metrics.write(gateway.metrics().scrape());
  }

  private boolean made(JsonNode message) {
    try {
      Audited.Pending pending = AuditMessage.decode(message.path("body").asText(), this::task);
      return gateway.audit(pending);
    } catch (RuntimeException e) {
      System.getLogger(GatewayRoot.class.getName())
          .log(
              System.Logger.Level.ERROR,
              "audit message " + message.path("messageId").asText() + " failed",
              e);
      return false;
    }
  }

  private Task.Classification task(String name) {
    return gateway.tasks().stream()
        .map(ServedTask::task)
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new InvalidValueException("task", "there is no task '" + name + "'", "configure it"));
  }

  /** A sandbox is frozen between events, and so is the thread that follows gates and artifacts. */
  private void follow() {
    Instant now = gateway.clock().instant();
    Instant before = refreshed.get();
    if (Duration.between(before, now).compareTo(OLDEST_STATE) > 0
        && refreshed.compareAndSet(before, now)) {
      gateway.refresh();
    }
  }
}
