package io.tierwise.gateway.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A large model that does as it is told, on a real socket. */
public final class ScriptedUpstream implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Act> script = new ArrayDeque<>();
  private final List<Call> calls = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private boolean echo;
  private Act otherwise = answer("refund", 20, 1);
  private @Nullable Function<String, Act> byBody;

  /** What to do with one call. */
  @FunctionalInterface
  public interface Act {
    void on(HttpExchange exchange) throws IOException;
  }

  /** A call that came. */
  public record Call(String path, String authorization, String body) {}

  public ScriptedUpstream() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next calls are answered so, in this order. */
  public synchronized ScriptedUpstream then(Act... acts) {
    script.addAll(List.of(acts));
    return this;
  }

  /** Calls beyond the script are answered so. */
  public synchronized ScriptedUpstream otherwise(Act act) {
    otherwise = act;
    return this;
  }

  /** Calls beyond the script are answered with the text that they ask about. */
  public synchronized ScriptedUpstream echoing() {
    echo = true;
    return this;
  }

  /** Calls beyond the script are answered by what they say. */
  public synchronized ScriptedUpstream answeringBy(Function<String, Act> act) {
    byBody = act;
    return this;
  }

  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** A chat completion that says this. */
  public static Act answer(String content, int promptTokens, int completionTokens) {
    return json(
        200,
        """
        {"id": "c1", "object": "chat.completion", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": "%s"}, "finish_reason": "stop"}],
         "usage": {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d}}
        """
            .formatted(content, promptTokens, completionTokens, promptTokens + completionTokens));
  }

  public static Act status(int status) {
    return json(status, "{\"error\": {\"message\": \"scripted\"}}");
  }

  /** Status 429 with a Retry-After header. */
  public static Act throttled(String retryAfter) {
    return exchange -> {
      exchange.getResponseHeaders().add("Retry-After", retryAfter);
      send(exchange, 429, "{}");
    };
  }

  public static Act json(int status, String body) {
    return exchange -> send(exchange, status, body);
  }

  /** Lines of a stream, each an event of its own. */
  public static Act events(String... lines) {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      for (String line : lines) {
        exchange.getResponseBody().write((line + "\n\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
      exchange.close();
    };
  }

  /** Ends the connection without a word. */
  public static Act hangUp() {
    return HttpExchange::close;
  }

  /** Never answers. */
  public Act silence() {
    return exchange -> await(end);
  }

  /** Sends the headers and a part of the body, and then nothing. */
  public Act stall() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      await(end);
    };
  }

  /** Answers once the latch is down; counts {@code arrived} down before. */
  public static Act held(CountDownLatch arrived, CountDownLatch release, Act act) {
    return exchange -> {
      arrived.countDown();
      await(release);
      act.on(exchange);
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    next(new Call(exchange.getRequestURI().getPath(), authorization, body)).on(exchange);
  }

  private synchronized Act next(Call call) {
    calls.add(call);
    if (!script.isEmpty()) {
      return script.remove();
    }
    if (byBody != null) {
      return byBody.apply(call.body());
    }
    return echo ? answer(lastContent(call.body()), 20, 1) : otherwise;
  }

  private static String lastContent(String body) {
    int start = body.lastIndexOf("\"content\":\"") + "\"content\":\"".length();
    return body.substring(start, body.indexOf('"', start));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
