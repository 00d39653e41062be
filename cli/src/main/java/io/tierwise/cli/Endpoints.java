package io.tierwise.cli;

import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What stands in for a service's own address. */
final class Endpoints {
  private Endpoints() {}

  /**
   * @param given by an option; null for what the environment's variables say
   * @param service as in the variable's name, such as S3
   */
  static Optional<URI> of(@Nullable URI given, String service) {
    return Optional.ofNullable(given)
        .or(() ->
            Stream.of("AWS_ENDPOINT_URL_" + service, "AWS_ENDPOINT_URL")
                .map(System::getenv)
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .map(URI::create));
  }
}
