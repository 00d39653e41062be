package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.Reply;
import java.util.List;

/**
 * A gateway's HTTP interface without a server: every path, in every dialect. The self-hosted server
 * and the Lambda function answer through the same one. No exception gets past it.
 */
public final class Front {
  private final Paths paths = new Paths();
  private final Exchanges exchanges;

  private Front(Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  public static Front of(Gateway gateway) {
    Front front = new Front(new Exchanges(gateway.metrics(), gateway::newRequestId));
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
    Reply reply = exchanges.reply(match.entry().route(), new MatchedCall(call, match.parameters()));
    return match.entry().counted() ? exchanges.counted(reply) : reply;
  }
}
