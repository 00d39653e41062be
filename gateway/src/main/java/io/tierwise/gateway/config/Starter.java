package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.router.request.InputForm;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A small commented configuration to begin with: one task, one upstream.
 *
 * @param input what callers send
 * @param url of the upstream
 * @param model what the upstream calls its model
 * @param apiKeyFrom the environment variable that holds its key; null when it needs none
 * @param price of the upstream, an id from the price book
 */
public record Starter(
    String task,
    List<String> labels,
    InputForm input,
    String url,
    Protocol protocol,
    String model,
    @Nullable String apiKeyFrom,
    String price) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_ .-]*");

  public Starter {
    labels = List.copyOf(labels);
  }

  /** The file's text. */
  public String text() {
    return """
    # Tierwise. Every key with its default: tierwise config reference
    # What is wrong with this file: tierwise config check. With the machine: tierwise doctor

    server:
      host: 127.0.0.1
      port: 8080

    # Database, ledger, registry and the corpus's key; relative to this file.
    data: data

    # The large model.
    upstreams:
      large:
        url: %s
        protocol: %s
        model: %s
    %s
    tasks:
      # Callers send this name as model.
      - name: %s
        labels:
    %s
    %s    # At most a share epsilon of all answers may differ from the large model's, held with
        # confidence 1 - delta.
        contract:
          epsilon: 0.05
          delta: 0.05
        large:
          upstream: large
          price: %s
    """
        .formatted(
            quoted(url),
            protocol.name().toLowerCase(Locale.ROOT),
            quoted(model),
            key(),
            quoted(task),
            labels.stream()
                .map(label -> "      - " + quoted(label))
                .collect(Collectors.joining("\n")),
            inputKeys(),
            quoted(price));
  }

  private String inputKeys() {
    return switch (input) {
      case InputForm.Text text -> "";
      case InputForm.Features features ->
          """
              # Callers send vectors of numbers, by the Open Inference Protocol.
              input: features
              dimensions: %d
          """
              .formatted(features.dimensions());
    };
  }

  private String key() {
    return apiKeyFrom == null
        ? "    # apiKeyFrom: OPENAI_API_KEY   # the environment variable that holds its key\n"
        : "    # The environment variable that holds its key.\n    apiKeyFrom: %s\n"
            .formatted(quoted(apiKeyFrom));
  }

  /** Plain where YAML cannot take it for anything else. */
  private static String quoted(String value) {
    return PLAIN.matcher(value).matches() && !value.endsWith(" ")
        ? value
        : "'" + value.replace("'", "''") + "'";
  }
}
