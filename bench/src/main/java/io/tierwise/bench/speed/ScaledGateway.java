package io.tierwise.bench.speed;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.front.Front;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/** A gateway in this process with so many tasks and tenants, of each of which an answer is kept. */
final class ScaledGateway implements AutoCloseable {
  private static final int OK = 200;
  private static final String TEXT = "where is the parcel that I have ordered last week";

  private final Gateway gateway;
  private final Front front;
  private final Turns<FrontCall> calls;

  private ScaledGateway(Gateway gateway, Front front, List<FrontCall> calls) {
    this.gateway = gateway;
    this.front = front;
    this.calls = new Turns<>(calls);
  }

  /**
   * @param folder does not exist
   * @param upstream answers what is asked first
   */
  static ScaledGateway open(Path folder, String upstream, int tasks, int tenants)
      throws IOException {
    Files.createDirectories(folder);
    List<String> keys = prepared(folder.resolve("data"), tasks, tenants);
    Path config = folder.resolve("tierwise.yaml");
    Files.writeString(config, configuration(upstream, tasks));
    Gateway gateway =
        Gateway.open(ConfigFile.load(config), Clock.systemUTC(), new SplittableRandom(1));
    try {
      Front front = Front.of(gateway);
      List<FrontCall> calls = new ArrayList<>();
      for (String key : keys) {
        Map<String, String> bearer = Map.of("authorization", "Bearer " + key);
        Map<String, String> large =
            Map.of("authorization", "Bearer " + key, "x-tierwise-policy", "large-only");
        for (int task = 0; task < tasks; task++) {
          answered(front.answer(FrontCall.of(large, name(task), TEXT)), "large");
          calls.add(FrontCall.of(bearer, name(task), TEXT));
        }
      }
      Collections.shuffle(calls, new Random(1));
      answered(front.answer(calls.getFirst()), "exact-cache");
      return new ScaledGateway(gateway, front, calls);
    } catch (IOException | RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  /** A key for each tenant, and gates that are shut: only exact hits pass, and they do. */
  private static List<String> prepared(Path data, int tasks, int tenants) {
    try (Database database = Database.open(data)) {
      GateStore gates = new GateStore(database, Clock.systemUTC());
      for (int task = 0; task < tasks; task++) {
        gates.shut(name(task), "to be measured");
      }
      KeyStore keys = new KeyStore(database, Clock.systemUTC(), new SecureRandom());
      List<String> all = new ArrayList<>();
      for (int tenant = 0; tenant < tenants; tenant++) {
        all.add(keys.add(new Tenant("tenant-" + tenant), "scale").secretKey());
      }
      return all;
    }
  }

  private static String name(int task) {
    return "task-" + task;
  }

  private static String configuration(String upstream, int tasks) {
    StringBuilder config = new StringBuilder();
    config.append(
        """
        data: data
        upstreams:
          quick: {url: "%s", protocol: openai, model: quick}
        tasks:
        """
            .formatted(upstream));
    for (int task = 0; task < tasks; task++) {
      config.append(
          """
            - name: %s
              labels: [billing, other]
              large: {upstream: quick, price: gpt-4o}
              audit: {openRate: 0, shutRate: 0}
              corpus: {keep: false}
          """
              .formatted(name(task)));
    }
    return config.toString();
  }

  private static void answered(Reply reply, String tier) throws IOException {
    if (reply.status() != OK || !tier.equals(reply.headers().get("x-tierwise-tier"))) {
      throw new IOException(
          "it was not answered by %s but with %d: %s"
              .formatted(tier, reply.status(), new String(reply.body(), StandardCharsets.UTF_8)));
    }
  }

  /** Answers the next request. */
  Reply next() {
    return front.answer(calls.next());
  }

  @Override
  public void close() {
    gateway.close();
  }
}
