package io.tierwise.gateway.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** The machine: its Java, memory, port and the encoder's files. */
final class MachineChecks {
  private static final int JAVA = 25;
  private static final long MEGABYTE = 1 << 20;
  private static final long LEAST_HEAP = 128 * MEGABYTE;
  private static final long COMFORTABLE_HEAP = 512 * MEGABYTE;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final List<String> ENCODER =
      List.of("bge-small-en-v1.5-q.onnx", "bge-small-en-v1.5-q-tokenizer.json");

  private MachineChecks() {}

  static Finding java(Runtime.Version version) {
    return version.feature() >= JAVA
        ? Finding.ok("java", "version " + version)
        : Finding.fail(
            "java", "version " + version + " is too old", "install a JDK " + JAVA + " or newer");
  }

  /**
   * @param heap the most that the heap may grow to, in bytes
   */
  static Finding memory(long heap) {
    String finding = "the heap may grow to " + heap / MEGABYTE + " MiB";
    String advice = "give more: TIERWISE_JAVA_OPTIONS=-Xmx1g, or a larger machine";
    if (heap < LEAST_HEAP) {
      return Finding.fail("memory", finding + ", too little to serve", advice);
    }
    return heap < COMFORTABLE_HEAP
        ? Finding.warn("memory", finding + ", too little to distil a student", advice)
        : Finding.ok("memory", finding);
  }

  /** Only the jobs need the encoder; serving does not. */
  static Finding encoder(ClassLoader classPath) {
    List<String> missing =
        ENCODER.stream().filter(name -> classPath.getResource(name) == null).toList();
    return missing.isEmpty()
        ? Finding.ok("encoder", "bge-small is on the class path")
        : Finding.warn(
            "encoder",
            "no " + String.join(" and no ", missing) + " on the class path",
            "build again with ./tierwise: without it no student can be distilled");
  }

  static Finding port(String host, int port) {
    String what = "port " + host + ":" + port;
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return Finding.ok(what, "free");
    } catch (IOException e) {
      return servesHere(host, port)
          ? Finding.ok(what, "a gateway is serving there already")
          : Finding.fail(
              what,
              "cannot be listened on (" + e.getMessage() + ")",
              "stop what uses it, or set another server.host or server.port");
    }
  }

  private static boolean servesHere(String host, int port) {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/health/live"))
              .timeout(PATIENCE)
              .build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
