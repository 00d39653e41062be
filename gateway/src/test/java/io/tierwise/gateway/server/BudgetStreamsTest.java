package io.tierwise.gateway.server;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.held;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Standing;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many streams at once against a budget that has room for some of them. */
class BudgetStreamsTest {
  private static final int STREAMS = 200;
  private static final int COVERED = 50;
  private static final int LEAVERS = 20;

  /** What never comes is a failure with words, and no test that hangs. */
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  /** Four large calls of one token in and one out, the student's and a lookup. */
  private static final BigDecimal WORST = new BigDecimal("0.00005011");

  private static final BigDecimal CAP = WORST.multiply(BigDecimal.valueOf(COVERED));

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch arrived = new CountDownLatch(COVERED);
  private final CountDownLatch release = new CountDownLatch(1);
  private RunningGateway running;

  @BeforeEach
  void start() {
    Setup setup = Setup.USUAL.budgets(RunningGateway.daily("default", CAP.toPlainString()));
    running = new RunningGateway(folder, setup, BudgetStreamsTest::roomy);
    running.upstream.otherwise(held(arrived, release, answer("refund", 4, 1)));
  }

  @AfterEach
  void stop() {
    release.countDown();
    threads.shutdownNow();
    running.close();
  }

  /** So that nothing but the budget stands in the way. */
  private static TierwiseConfig roomy(TierwiseConfig config) {
    Upstream gpu = config.upstreams().get("gpu");
    Upstream wide =
        new Upstream(
            gpu.url(),
            gpu.protocol(),
            gpu.model(),
            null,
            gpu.timeout(),
            STREAMS,
            gpu.retries(),
            gpu.version());
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        Map.of("gpu", wide),
        config.prices(),
        config.tasks(),
        config.budgets());
  }

  private Socket stream(int number) throws IOException {
    String body =
        "{\"model\": \"support\", \"stream\": true,"
            + " \"messages\": [{\"role\": \"user\", \"content\": \"t%03d\"}]}".formatted(number);
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                .formatted(running.key())
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.server().port());
    socket.getOutputStream().write(request.getBytes(UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  private static int status(Socket socket) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
    return Integer.parseInt(line.split(" ", -1)[1]);
  }

  private Standing budget() {
    return running.gateway().budgets().getFirst();
  }

  private List<LedgerEntry> entries(int count) {
    await(count + " entries", () -> running.ledger().size() >= count);
    return running.ledger();
  }

  private void await(String what, BooleanSupplier happened) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!happened.getAsBoolean()) {
      assertTrue(
          System.nanoTime() < end,
          () -> what + ", but " + running.ledger().size() + " entries and " + budget());
      Thread.onSpinWait();
    }
  }

  private static long refused(List<LedgerEntry> entries, String refusal) {
    return entries.stream().filter(entry -> refusal.equals(entry.refusal())).count();
  }

  @Test
  void theCapHoldsAndThoseWhoLeaveGiveBackWhatWasSetAsideForThem() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    List<Future<Integer>> statuses = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      Socket socket = stream(i);
      sockets.add(socket);
      statuses.add(threads.submit(() -> status(socket)));
    }
    assertTrue(
        arrived.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS),
        () -> arrived.getCount() + " calls did not arrive");
    assertEquals(STREAMS - COVERED, refused(entries(STREAMS - COVERED), "budget-exhausted"));
    assertEquals(0, budget().taken().compareTo(CAP), budget()::toString);

    // The ledger knows of a refusal before its caller does.
    await(
        "every refused caller knows",
        () -> statuses.stream().filter(Future::isDone).count() >= STREAMS - COVERED);
    List<Socket> waiting = new ArrayList<>();
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      if (!statuses.get(i).isDone()) {
        waiting.add(sockets.get(i));
        answers.add(statuses.get(i));
      }
    }
    assertEquals(COVERED, waiting.size());
    for (Socket leaver : waiting.subList(0, LEAVERS)) {
      leaver.close();
    }
    assertEquals(LEAVERS, refused(entries(STREAMS - COVERED + LEAVERS), "cancelled"));
    BigDecimal kept = WORST.multiply(BigDecimal.valueOf(COVERED - LEAVERS));
    assertEquals(0, budget().reserved().compareTo(kept), budget()::toString);

    release.countDown();
    for (Future<Integer> answered : answers.subList(LEAVERS, COVERED)) {
      assertEquals(200, answered.get(PATIENCE_NANOS, TimeUnit.NANOSECONDS));
    }
    Money recorded =
        entries(STREAMS).stream().map(LedgerEntry::cost).reduce(Money.ZERO, Money::plus);
    assertEquals(recorded, new Money(budget().spent()));
    assertEquals(0, budget().reserved().signum());
    assertTrue(budget().spent().compareTo(CAP) <= 0);
    assertEquals(COVERED, running.upstream.calls().size());
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
