package io.tierwise.gateway.front;

import io.tierwise.router.request.Cancellation;
import java.util.Map;
import java.util.Optional;

/** A call whose path has met its pattern. */
record MatchedCall(Call call, Map<String, String> parameters) implements Call {
  @Override
  public String method() {
    return call.method();
  }

  @Override
  public String path() {
    return call.path();
  }

  @Override
  public Map<String, String> query() {
    return call.query();
  }

  @Override
  public Optional<String> header(String name) {
    return call.header(name);
  }

  @Override
  public long bodyBytes() {
    return call.bodyBytes();
  }

  @Override
  public byte[] body() {
    return call.body();
  }

  @Override
  public void waits(Cancellation cancellation) {
    call.waits(cancellation);
  }

  @Override
  public void answered() {
    call.answered();
  }
}
