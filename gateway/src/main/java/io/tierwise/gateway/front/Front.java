package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.metrics.Metrics;
import java.util.List;

/**
 * A gateway's HTTP interface without a server: every path, in every dialect. The self-hosted server
 * and the Lambda function answer through the same one. No exception gets past it.
 */
public final class Front {
  private final Paths paths = new Paths();
  private final Exchanges exchanges;
  private final Admission admission;

  private Front(Exchanges exchanges, Admission admission) {
    this.exchanges = exchanges;
    this.admission = admission;
  }

  /** With the usual limits. */
  public static Front of(Gateway gateway) {
    return of(gateway, new TierwiseConfig.Server("", 0));
  }

  /**
   * @param server its limits count
   */
  public static Front of(Gateway gateway, TierwiseConfig.Server server) {
    Metrics metrics = gateway.metrics();
    Front front =
        new Front(
            new Exchanges(metrics, gateway::newRequestId),
            new Admission(
                server,
                Runtime.getRuntime().maxMemory(),
                System::nanoTime,
                Thread::yield,
                metrics));
    Callers callers = new Callers(gateway);
    new OpenAiRoutes(gateway, callers).addTo(front.paths);
    new OpenInferenceRoutes(gateway, callers).addTo(front.paths);
    new FeedbackRoutes(gateway, callers).addTo(front.paths);
    new ContractRoutes(gateway, callers).addTo(front.paths);
    new ConsoleRoutes(gateway, callers).addTo(front.paths);
    new CacheRoutes(gateway, callers).addTo(front.paths);
    new OperationsRoutes(gateway).addTo(front.paths);
    return front;
  }

  /** All paths; what is at none of them is not found. */
  public List<Path> paths() {
    return paths.all();
  }

  public Reply answer(Call call) {
    return paths
        .match(call.path())
        .map(match -> answer(match, call))
        .orElseGet(() -> exchanges.counted(exchanges.reply(Exchanges::notFound, call)));
  }

  private Reply answer(Paths.Match match, Call call) {
    Path path = match.entry().path();
    if (!path.method().equals(call.method())) {
      return exchanges.counted(exchanges.onlyAllows(path.method(), call));
    }
    Call matched = new MatchedCall(call, match.parameters());
    // Who looks after the gateway is let in always, and above all when it is overloaded.
    return match.entry().counted()
        ? exchanges.counted(admitted(match.entry().route(), matched))
        : exchanges.reply(match.entry().route(), matched);
  }

  private Reply admitted(Exchanges.Route route, Call call) {
    long bodyBytes = call.bodyBytes();
    if (!admission.enter(bodyBytes)) {
      return exchanges.reply(Exchanges::overloaded, call);
    }
    try {
      return exchanges.reply(route, call);
    } finally {
      admission.leave(bodyBytes);
    }
  }
}
