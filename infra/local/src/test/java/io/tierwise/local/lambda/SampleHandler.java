package io.tierwise.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A function that does as its event says. */
public final class SampleHandler implements RequestStreamHandler {
  private final AtomicInteger events = new AtomicInteger();

  public SampleHandler() {
    if ("init".equals(System.getenv("FAIL"))) {
      throw new IllegalStateException("no such model");
    }
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    String event = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    switch (event) {
      case "\"hang\"" -> hang();
      case "\"die\"" -> Runtime.getRuntime().halt(3);
      case "\"throw\"" -> throw new IllegalStateException("as told");
      default ->
          out.write(
              "{\"count\":%d,\"memory\":%d,\"pid\":%d,\"echo\":%s}"
                  .formatted(
                      events.incrementAndGet(),
                      context.getMemoryLimitInMB(),
                      ProcessHandle.current().pid(),
                      event)
                  .getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void hang() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
