package io.tierwise.local.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * SQS on one box: one queue that is sent to by the SDK's client, delivered to one function in
 * batches, with what fails delivered again and, after enough tries, put aside.
 */
public final class QueueServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(QueueServer.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HeaderName TARGET = HeaderNames.create("X-Amz-Target");
  private static final int BATCH = 10;

  private final LambdaServer lambda;
  private final Settings settings;
  private final WebServer server;
  private final DelayQueue<Message> waiting = new DelayQueue<>();
  private final ConcurrentLinkedQueue<String> deadLetters = new ConcurrentLinkedQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread delivery;

  /**
   * How the queue delivers.
   *
   * @param function what takes its messages
   * @param again how long a failed message waits
   * @param tries deliveries before it is put aside
   */
  public record Settings(String function, Duration again, int tries) {}

  private record Message(String id, String body, int deliveries, long dueNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  private QueueServer(LambdaServer lambda, Settings settings, int port) {
    this.lambda = lambda;
    this.settings = settings;
    this.server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(port)
            .shutdownHook(false)
            .routing(HttpRouting.builder().post("/", this::send))
            .build()
            .start();
    this.delivery = Thread.ofVirtual().name("queue").start(this::deliver);
  }

  /**
   * Takes messages when it returns.
   *
   * @param port 0 for any free one
   */
  public static QueueServer start(LambdaServer lambda, Settings settings, int port) {
    return new QueueServer(lambda, settings, port);
  }

  /** What the SDK's endpoint is set to. */
  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Messages that were never taken in all their tries, oldest first. */
  public List<String> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** Messages that wait for their first or next delivery. */
  public int depth() {
    return waiting.size();
  }

  private void send(ServerRequest request, ServerResponse response) throws IOException {
    String target = request.headers().contains(TARGET) ? request.headers().get(TARGET).get() : "";
    if (!target.equals("AmazonSQS.SendMessage")) {
      response.status(Status.BAD_REQUEST_400);
      response.send("{\"__type\":\"com.amazonaws.sqs#UnsupportedOperation\"}");
      return;
    }
    String body = JSON.readTree(LambdaServer.body(request)).path("MessageBody").asText();
    String id = UUID.randomUUID().toString();
    waiting.add(new Message(id, body, 0, System.nanoTime()));
    response.header(HeaderNames.CONTENT_TYPE, "application/x-amz-json-1.0");
    response.send(
        JSON.createObjectNode().put("MessageId", id).put("MD5OfMessageBody", md5(body)).toString());
  }

  private void deliver() {
    try {
      while (end.getCount() > 0) {
        Message first = waiting.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Message> batch = new ArrayList<>(List.of(first));
          waiting.drainTo(batch, BATCH - 1);
          deliver(batch);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliver(List<Message> batch) throws InterruptedException {
    Set<String> failed = new HashSet<>();
    try {
      Outcome outcome = lambda.invoke(settings.function(), event(batch));
      if (outcome.functionError() != null) {
        batch.forEach(message -> failed.add(message.id()));
      } else {
        for (JsonNode each : JSON.readTree(outcome.payload()).path("batchItemFailures")) {
          failed.add(each.path("itemIdentifier").asText());
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a batch could not be delivered", e);
      batch.forEach(message -> failed.add(message.id()));
    }
    batch.stream().filter(message -> failed.contains(message.id())).forEach(this::again);
  }

  private void again(Message message) {
    int deliveries = message.deliveries() + 1;
    if (deliveries >= settings.tries()) {
      deadLetters.add(message.body());
    } else {
      long due = System.nanoTime() + settings.again().toNanos();
      waiting.add(new Message(message.id(), message.body(), deliveries, due));
    }
  }

  private static byte[] event(List<Message> batch) throws IOException {
    ObjectNode event = JSON.createObjectNode();
    ArrayNode records = event.putArray("Records");
    for (Message message : batch) {
      ObjectNode record = records.addObject();
      record.put("messageId", message.id()).put("receiptHandle", message.id());
      record.put("body", message.body()).put("eventSource", "aws:sqs");
      record
          .putObject("attributes")
          .put("ApproximateReceiveCount", Integer.toString(message.deliveries() + 1));
    }
    return JSON.writeValueAsBytes(event);
  }

  /** The SDK's client checks it. */
  private static String md5(String body) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /** Delivers no more; what waits is lost with the process. */
  @Override
  public void close() {
    end.countDown();
    try {
      delivery.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop();
  }
}
