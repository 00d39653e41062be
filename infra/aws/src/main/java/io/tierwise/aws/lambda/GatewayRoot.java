package io.tierwise.aws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.aws.audit.SqsAudits;
import io.tierwise.aws.ledger.LogLedger;
import io.tierwise.aws.metrics.EmbeddedMetrics;
import io.tierwise.aws.s3.S3Corpus;
import io.tierwise.aws.sagemaker.InvokeEndpoint;
import io.tierwise.aws.snapshot.ReseededRandom;
import io.tierwise.aws.student.FunctionStudent;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.Services;
import io.tierwise.gateway.StudentLoader;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.front.Front;
import io.tierwise.gateway.learning.AuditMessage;
import io.tierwise.gateway.learning.AuditQueue;
import io.tierwise.gateway.learning.GateDuty;
import io.tierwise.gateway.learning.QueuedAudits;
import io.tierwise.gateway.semantic.TextEncoder;
import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.tier.RequestSigner;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.contract.Audited;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The composition root of the functions that hold a gateway: gateway and audit. */
public final class GatewayRoot implements AutoCloseable {
  private static final Duration OLDEST_STATE = Duration.ofSeconds(4);

  /** What the tables and the log may take of an audit, besides the models. */
  private static final Duration BESIDE_THE_MODELS = Duration.ofSeconds(10);

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

  /** The gateway function's: it follows the gates that the audits move. */
  public static GatewayRoot serving(Environment environment) {
    return open(environment, GateDuty.FOLLOW);
  }

  /** The audit function's: what it keeps it folds in, and moves the gates by it. */
  public static GatewayRoot auditing(Environment environment) {
    return open(environment, GateDuty.WATCH_AND_OPEN);
  }

  private static GatewayRoot open(Environment environment, GateDuty duty) {
    Natives.usePackaged(environment.taskRoot());
    TierwiseConfig config = environment.config();
    ReseededRandom random = ReseededRandom.registered();
    return new GatewayRoot(
        Gateway.open(
            config,
            Surroundings.of(Clock.systemUTC(), random),
            name -> name == null ? null : environment.get(name).orElse(null),
            services(environment, config, random, duty)));
  }

  private static Services services(
      Environment environment, TierwiseConfig config, ReseededRandom random, GateDuty duty) {
    Tables tables = new Tables(environment, Clock.systemUTC());
    boolean logged = environment.get(Environment.LEDGER).filter("log"::equals).isPresent();
    return new Services(
        tables.keys(),
        tables.answers(),
        tables.budgets(config.limits()),
        logged ? new LogLedger(System.out) : null,
        Registries.of(environment, Clock.systemUTC()),
        audits(environment).orElse(null),
        tables.contracts(),
        corpus(environment).orElse(null),
        tables.feedback(),
        students(environment),
        GatewayRoot::noEncoder,
        () -> TextEncoder.bgeSmallMiddle(1),
        random,
        signer(environment),
        duty);
  }

  private static TextEncoder noEncoder() throws IOException {
    throw new IOException("the functions have no encoder for it");
  }

  private static Optional<Corpus> corpus(Environment environment) {
    return environment
        .get(Environment.CORPUS_BUCKET)
        .map(bucket -> new S3Corpus(Clients.s3(environment), bucket, Clock.systemUTC()));
  }

  /** Where no region is named, nothing is a service's to be signed for. */
  private static RequestSigner signer(Environment environment) {
    return environment
        .get("AWS_REGION")
        .<RequestSigner>map(region ->
            new InvokeEndpoint(
                DefaultCredentialsProvider.builder().build(),
                Region.of(region),
                environment.endpoint("SAGEMAKER_RUNTIME")))
        .orElse(RequestSigner.NONE);
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

  /**
   * Makes a batch of audits, looks what they say about gates, and answers which of them are to be
   * delivered again. One that might not end in time is not begun: a function that is killed in the
   * middle of a call has paid for an answer that nobody sees.
   *
   * @param millisLeft until this process is killed
   */
  public void audits(InputStream in, OutputStream out, IntSupplier millisLeft) throws IOException {
    follow();
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode failures = answer.putArray("batchItemFailures");
    for (JsonNode message : JSON.readTree(in).path("Records")) {
      if (!made(message, millisLeft)) {
        failures.addObject().put("itemIdentifier", message.path("messageId").asText());
      }
    }
    gateway.refresh();
    JSON.writeValue(out, answer);
    metrics.write(gateway.metrics().scrape());
  }

  private boolean made(JsonNode message, IntSupplier millisLeft) {
    try {
      Audited audited =
          AuditMessage.decode(message.path("body").asText(), name -> gateway.queued(name).task());
      QueuedAudits audits = gateway.queued(audited.request().task().name());
      Duration needed = audits.patience().plus(BESIDE_THE_MODELS);
      return millisLeft.getAsInt() >= needed.toMillis() && audits.make(audited);
    } catch (RuntimeException e) {
      System.getLogger(GatewayRoot.class.getName())
          .log(
              System.Logger.Level.ERROR,
              "audit message " + message.path("messageId").asText() + " failed",
              e);
      return false;
    }
  }

  @Override
  public void close() {
    gateway.close();
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
