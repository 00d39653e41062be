package io.tierwise.aws.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * The services around the functions, each in the trouble it is told to be in, and a large model
 * that works. The SDK's own clients talk to it over HTTP.
 */
final class ScriptedCloud implements AutoCloseable {
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> signatures = new CopyOnWriteArrayList<>();
  private final List<String> queued = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Function function = Function.ANSWERS_GARBAGE;

  /** What the student's function does. */
  enum Function {
    IS_THROTTLED,
    TAKES_TOO_LONG,
    CRASHES_IN_INIT,
    ANSWERS_GARBAGE
  }

  ScriptedCloud() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/large/invocations", this::large);
    server.createContext("/endpoints/big/invocations", this::large);
    server.createContext("/2015-03-31/functions/", this::student);
    server.createContext(
        "/table/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          send(
              exchange,
              400,
              "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\","
                  + "\"message\":\"slow down\"}");
        });
    server.createContext(
        "/bucket/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          send(
              exchange,
              404,
              "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code><Message>none</Message></Error>");
        });
    server.createContext("/queue/", this::queue);
    server.start();
  }

  String url(String service) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + service;
  }

  void student(Function does) {
    function = does;
  }

  /** What the large model was asked. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** Who asked it, and for which service: the headers' signatures without what changes. */
  List<String> signatures() {
    return List.copyOf(signatures);
  }

  /** The messages in the queue of audits. */
  List<String> queued() {
    return List.copyOf(queued);
  }

  private void large(HttpExchange exchange) throws IOException {
    asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    signatures.add(
        String.valueOf(exchange.getRequestHeaders().getFirst("authorization"))
            .replaceFirst("[0-9]{8}/", "DAY/")
            .replaceFirst("SignedHeaders=.*", ""));
    send(
        exchange,
        200,
        "{\"outputs\":[{\"label\":\"other\",\"probabilities\":{\"other\":1.0}}],"
            + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":1}}");
  }

  private void student(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    switch (function) {
      case IS_THROTTLED -> {
        exchange.getResponseHeaders().add("X-Amzn-ErrorType", "TooManyRequestsException");
        send(exchange, 429, "{\"message\":\"Rate Exceeded.\"}");
      }
      case TAKES_TOO_LONG -> {
        awaitEnd();
        exchange.close();
      }
      case CRASHES_IN_INIT -> {
        exchange.getResponseHeaders().add("X-Amz-Function-Error", "Unhandled");
        send(exchange, 200, "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"exit 1\"}");
      }
      case ANSWERS_GARBAGE -> send(exchange, 200, "{\"version\":1,\"predictions\":\"yes\"}");
    }
  }

  private void queue(HttpExchange exchange) throws IOException {
    String body =
        new ObjectMapper()
            .readTree(exchange.getRequestBody().readAllBytes())
            .path("MessageBody")
            .asText();
    queued.add(body);
    send(
        exchange,
        200,
        "{\"MessageId\":\"m" + queued.size() + "\",\"MD5OfMessageBody\":\"" + md5(body) + "\"}");
  }

  private static String md5(String body) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
  }
}
