package io.tierwise.aws.lambda;

import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a function is told by its environment's variables. None of them is needed: without any, a
 * function keeps everything in its own temporary directory and asks no service of AWS.
 */
public final class Environment {
  /** The configuration file; by default {@code tierwise.yaml} in the package. */
  static final String CONFIG = "TIERWISE_CONFIG";

  /** The configuration itself, in place of a file. */
  static final String CONFIG_TEXT = "TIERWISE_CONFIG_TEXT";

  /** The student function's name or alias; by default students run in the gateway. */
  static final String STUDENT_FUNCTION = "TIERWISE_STUDENT_FUNCTION";

  /** How long a caller waits for the student function, in milliseconds. */
  static final String STUDENT_TIMEOUT = "TIERWISE_STUDENT_TIMEOUT_MS";

  /** The queue of audits; by default they are made in the background. */
  static final String AUDIT_QUEUE = "TIERWISE_AUDIT_QUEUE_URL";

  /** The table of API keys; by default the embedded store. */
  static final String KEYS_TABLE = "TIERWISE_KEYS_TABLE";

  /** The table behind the exact cache; by default the embedded store. */
  static final String ANSWERS_TABLE = "TIERWISE_ANSWERS_TABLE";

  /** The table of budgets; by default they are kept in the sandbox's own store. */
  static final String BUDGETS_TABLE = "TIERWISE_BUDGETS_TABLE";

  /** The table of gates, certificates, audits and watches; by default the embedded store. */
  static final String CONTRACTS_TABLE = "TIERWISE_CONTRACTS_TABLE";

  /** The table of corrections; by default the embedded store. */
  static final String FEEDBACK_TABLE = "TIERWISE_FEEDBACK_TABLE";

  /** The bucket of the corpus; by default the embedded store. */
  static final String CORPUS_BUCKET = "TIERWISE_CORPUS_BUCKET";

  /** How long a table may take, retries included, in milliseconds; the cache's a sixth of it. */
  static final String TABLE_TIMEOUT = "TIERWISE_TABLE_TIMEOUT_MS";

  /** The bucket of artifacts; by default a directory. */
  static final String BUCKET = "TIERWISE_BUCKET";

  /** The directory of artifacts, where there is no bucket. */
  static final String REGISTRY = "TIERWISE_REGISTRY";

  /** Public keys of which one must have signed an artifact, by commas; by default none must. */
  static final String TRUSTED_KEYS = "TIERWISE_TRUSTED_KEYS";

  /** The tasks whose students are loaded before the first request, by commas. */
  static final String TASKS = "TIERWISE_TASKS";

  /** {@code log} writes the ledger as log lines; by default it lies in the data directory. */
  static final String LEDGER = "TIERWISE_LEDGER";

  /** Where delivered logs lie: a directory, or {@code s3://BUCKET/PREFIX}. */
  static final String LEDGER_SOURCE = "TIERWISE_LEDGER_SOURCE";

  /** Where the report is written to: a directory, or {@code s3://BUCKET/PREFIX}. */
  static final String REPORTS = "TIERWISE_REPORTS";

  /** The state machine that trains the next student. */
  static final String STATE_MACHINE = "TIERWISE_STATE_MACHINE";

  private static final Duration TABLE_PATIENCE = Duration.ofSeconds(3);
  private static final Duration STUDENT_PATIENCE = Duration.ofSeconds(2);

  private final Map<String, String> variables;

  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** This process's own. */
  public static Environment own() {
    return new Environment(System.getenv());
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  String required(String name) {
    return get(name)
        .orElseThrow(() ->
            new InvalidValueException(name, "it is not set", "set it in the function's variables"));
  }

  /** Where the package was unpacked. */
  Path taskRoot() {
    return Path.of(get("LAMBDA_TASK_ROOT").orElse(".")).toAbsolutePath();
  }

  List<String> tasks() {
    return get(TASKS).map(tasks -> List.of(tasks.split(","))).orElse(List.of());
  }

  /** Whose artifacts are taken. */
  Trust trust() {
    return get(TRUSTED_KEYS)
        .map(keys -> Trust.of(List.of(keys.strip().split("\\s*,\\s*"))))
        .orElse(Trust.ANYONE);
  }

  Duration studentPatience() {
    return millis(STUDENT_TIMEOUT).orElse(STUDENT_PATIENCE);
  }

  Duration tablePatience() {
    return millis(TABLE_TIMEOUT).orElse(TABLE_PATIENCE);
  }

  private Optional<Duration> millis(String name) {
    return get(name).map(millis -> Duration.ofMillis(Long.parseLong(millis)));
  }

  TierwiseConfig config() {
    // The price book came with the package, where a home of its own was not named.
    if (System.getProperty("tierwise.home") == null) {
      System.setProperty("tierwise.home", taskRoot().toString());
    }
    Optional<String> text = get(CONFIG_TEXT);
    if (text.isPresent()) {
      return fromText(text.get());
    }
    return ConfigFile.load(taskRoot().resolve(get(CONFIG).orElse("tierwise.yaml")));
  }

  private static TierwiseConfig fromText(String text) {
    try {
      Path file = Files.createTempFile("tierwise", ".yaml");
      Files.writeString(file, text);
      return ConfigFile.load(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("the configuration cannot be written down", e);
    }
  }

  /** An endpoint that stands in for a service's own; used on one box. */
  Optional<URI> endpoint(String service) {
    return get("AWS_ENDPOINT_URL_" + service).or(() -> get("AWS_ENDPOINT_URL")).map(URI::create);
  }
}
