package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.store.Accuracy;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.Review;
import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise review}: what people say of answers that the coin drew. */
@Command(
    name = "review",
    mixinStandardHelpOptions = true,
    description = "Shows the answers that people are asked about, and takes what they say.")
final class ReviewCommand {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists a task's answers that nobody has judged, oldest first.")
  int list(
      @Mixin ConfigOption config,
      @Parameters(paramLabel = "TASK", description = "The task.") String task,
      @Option(names = "--json", description = "One JSON object.") boolean json)
      throws IOException {
    TaskOption.Chosen chosen = TaskOption.choose(config.load(), "TASK", task);
    try (Database database = Database.open(chosen.config().data())) {
      ReviewStore store = store(chosen, database);
      List<Review> waiting =
          store.all(task).stream().filter(review -> review.label() == null).toList();
      Accuracy accuracy = store.accuracy(task);
      if (json) {
        out().println(json(waiting, accuracy));
        return 0;
      }
      out().printf("%-40s %-16s %-16s %s%n", "REQUEST", "TENANT", "ANSWERED", "TEXT");
      for (Review review : waiting) {
        out()
            .printf(
                "%-40s %-16s %-16s %s%n",
                review.requestId(),
                review.tenant(),
                review.given(),
                review.text().replaceAll("\\s+", " "));
      }
      out()
          .printf(
              "%d wait; of %d judged %d were right%n",
              waiting.size(), accuracy.judged(), accuracy.right());
      return 0;
    }
  }

  @Command(
      name = "judge",
      mixinStandardHelpOptions = true,
      description = "Says what an answer should have been; the last word counts.")
  int judge(
      @Mixin ConfigOption config,
      @Parameters(index = "0", paramLabel = "TASK", description = "The task.") String task,
      @Parameters(index = "1", paramLabel = "REQUEST", description = "From review list.")
          String request,
      @Parameters(index = "2", paramLabel = "LABEL", description = "One of the task's labels.")
          String label)
      throws IOException {
    TaskOption.Chosen chosen = TaskOption.choose(config.load(), "TASK", task);
    if (!chosen.settings().labels().contains(label)) {
      throw new InvalidValueException(
          "LABEL", "'" + label + "' is no label of " + task, "use one of the task's labels");
    }
    try (Database database = Database.open(chosen.config().data())) {
      if (!store(chosen, database).judge(task, request, new Label(label))) {
        throw new InvalidValueException(
            "REQUEST", "'" + request + "' is not in the queue of " + task, "see review list");
      }
      out().println("kept");
      return 0;
    }
  }

  private static ObjectNode json(List<Review> waiting, Accuracy accuracy) {
    ObjectNode root = JSON.createObjectNode();
    root.put("judged", accuracy.judged()).put("right", accuracy.right());
    ArrayNode all = root.putArray("waiting");
    for (Review review : waiting) {
      all.addObject()
          .put("request_id", review.requestId())
          .put("tenant", review.tenant().name())
          .put("answered", review.given().value())
          .put("text", review.text())
          .put("drawn_at", review.drawnAt().toString());
    }
    return root;
  }

  private static ReviewStore store(TaskOption.Chosen chosen, Database database) {
    Clock clock = Clock.systemUTC();
    return new ReviewStore(
        database,
        clock,
        CorpusStore.open(
            database, clock, CorpusStore.keyFile(chosen.config().data()), new SecureRandom()));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
