package io.tierwise.bench.speed;

import io.tierwise.bench.demo.ChildProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A public gateway to compare with: the npm package {@code @portkey-ai/gateway}. It is installed
 * once, where Node is there.
 */
final class Peer implements AutoCloseable {
  static final String NAME = "@portkey-ai/gateway 1.15.2";

  private static final String PACKAGE = "@portkey-ai/gateway@1.15.2";
  private static final String SERVER = "node_modules/@portkey-ai/gateway/build/start-server.js";
  private static final int MINUTES_TO_INSTALL = 5;

  private final Process process;
  private final String url;

  private Peer(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * @throws IOException when there is no Node, or the package cannot be had
   */
  static Peer start(Path cache, Path log) throws IOException {
    Path folder = cache.resolve("portkey-1.15.2");
    if (!Files.exists(folder.resolve(SERVER))) {
      install(folder, log);
    }
    int port = freePort();
    Process process =
        new ProcessBuilder("node", SERVER, "--port=" + port, "--headless")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Peer peer = new Peer(process, "http://127.0.0.1:" + port);
    try {
      Answering.await(peer.url, process::isAlive);
      return peer;
    } catch (IOException e) {
      peer.close();
      throw new IOException("it does not start; see " + log, e);
    }
  }

  private static void install(Path folder, Path log) throws IOException {
    Files.createDirectories(folder);
    Process npm;
    try {
      npm =
          new ProcessBuilder("npm", "install", "--prefix", ".", "--no-audit", "--no-fund", PACKAGE)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new IOException("there is no Node here", e);
    }
    try {
      if (!npm.waitFor(MINUTES_TO_INSTALL, TimeUnit.MINUTES) || npm.exitValue() != 0) {
        npm.destroy();
        throw new IOException(PACKAGE + " cannot be installed; see " + log);
      }
    } catch (InterruptedException e) {
      npm.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + PACKAGE + " was installed", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String url() {
    return url;
  }

  long pid() {
    return process.pid();
  }

  /** That it is to ask an upstream of OpenAI's kind at this address. */
  static Map<String, String> before(String upstream) {
    return Map.of(
        "x-portkey-provider", "openai",
        "x-portkey-custom-host", upstream + "/v1",
        "authorization", "Bearer none");
  }

  @Override
  public void close() {
    ChildProcess.end(process);
  }
}
