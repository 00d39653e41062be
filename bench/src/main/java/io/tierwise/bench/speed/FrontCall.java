package io.tierwise.bench.speed;

import io.tierwise.gateway.front.Call;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A chat completion that comes without a server, so that what it takes is the gateway's alone. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FrontCall(Map<String, String> headers, byte[] body) implements Call {
  static FrontCall of(Map<String, String> headers, String task, String text) {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(task, text);
    return new FrontCall(headers, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/chat/completions";
  }

  @Override
  public Map<String, String> query() {
    return Map.of();
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
