package io.tierwise.local.lambda;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole of a template on one box: its functions as processes, its routes, and its queue of
 * audits.
 */
public final class LocalCloud implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final int TRIES = 5;

  private final LambdaServer lambda;
  private final QueueServer queue;
  private final HttpApi api;

  private LocalCloud(LambdaServer lambda, QueueServer queue, HttpApi api) {
    this.lambda = lambda;
    this.queue = queue;
    this.api = api;
  }

  /**
   * What runs.
   *
   * @param folders the package of each function, by name; others of the template are left out
   * @param config the gateway's
   * @param data where the configuration keeps what is durable
   * @param tasks names by commas
   * @param port of the HTTP API; 0 for any free one
   * @param concurrency of each function
   * @param environment further variables of all functions, as a stack's tables and buckets
   */
  public record Settings(
      Template template,
      Map<String, Path> folders,
      Path config,
      Path data,
      String tasks,
      int port,
      int concurrency,
      Map<String, String> environment,
      List<String> javaOptions) {}

  /** Listens when it returns; functions start with the first request. */
  public static LocalCloud start(Settings settings) throws IOException {
    // The functions have to know the port before there is a server to ask for it.
    int port = Ports.free();
    int queuePort = Ports.free();
    Path logs = settings.data().resolve("logs");
    List<FunctionSettings> functions = new ArrayList<>();
    for (Template.Function function : settings.template().functions()) {
      Path folder = settings.folders().get(function.name());
      if (folder != null) {
        functions.add(
            new FunctionSettings(
                function.name(),
                folder,
                function.handler(),
                function.memory(),
                function.timeout(),
                settings.concurrency(),
                environment(settings, logs, port, queuePort),
                true,
                settings.javaOptions()));
      }
    }
    LambdaServer lambda = LambdaServer.start(functions, logs, port);
    QueueServer queue =
        QueueServer.start(lambda, new QueueServer.Settings("audit", AGAIN, TRIES), queuePort);
    HttpApi api = HttpApi.start(lambda, settings.template().routes(), settings.port());
    return new LocalCloud(lambda, queue, api);
  }

  private static Map<String, String> environment(
      Settings settings, Path logs, int port, int queuePort) {
    Map<String, String> variables = new HashMap<>();
    variables.put("TIERWISE_CONFIG", settings.config().toAbsolutePath().toString());
    variables.put("TIERWISE_REGISTRY", settings.data().resolve("registry").toString());
    variables.put("TIERWISE_TASKS", settings.tasks());
    variables.put("TIERWISE_STUDENT_FUNCTION", "student");
    variables.put("TIERWISE_AUDIT_QUEUE_URL", "http://127.0.0.1:" + queuePort + "/audits");
    variables.put("TIERWISE_LEDGER", "log");
    variables.put("TIERWISE_LEDGER_SOURCE", logs.toString());
    variables.put("TIERWISE_REPORTS", settings.data().resolve("reports").toString());
    variables.put("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:" + port);
    variables.put("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:" + queuePort);
    variables.putAll(settings.environment());
    return variables;
  }

  /** Where clients connect. */
  public String url() {
    return api.url();
  }

  public LambdaServer lambda() {
    return lambda;
  }

  public QueueServer queue() {
    return queue;
  }

  @Override
  public void close() {
    api.close();
    queue.close();
    lambda.close();
  }
}
