package io.tierwise.bench.win;

import io.tierwise.distill.Progress;
import io.tierwise.distill.win.Example;
import io.tierwise.distill.win.Outcome;
import io.tierwise.distill.win.OutcomeFile;
import io.tierwise.distill.win.PromptVectors;
import io.tierwise.distill.win.WinTraining;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.win.WinModel;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the router on RouteLLM's outcomes: MMLU with half of every domain for training, MMLU
 * with two thirds of the domains for training and the others for test, GSM8K with half for
 * training, and MT-Bench with all of MMLU and GSM8K for training and nothing of its own.
 * Contaminated prompts are neither trained on nor tested.
 */
public final class WinRouterBench {
  private static final double TOP_SCORE = 10;
  private static final int TIMED = 200;
  private static final int WARMING = 50;

  private final Spec spec;
  private final Progress progress;

  /**
   * @param data a directory with {@code mmlu*.jsonl}, {@code gsm8k.jsonl} and {@code
   *     mtbench.jsonl}, each gzipped or not
   * @param seeds how many splits each figure is a mean of
   * @param vectors where the encoder's vectors are kept for the next run; null to keep none
   */
  public record Spec(Path data, int seeds, @Nullable Path vectors) {}

  /**
   * One benchmark's figures, means over the seeds.
   *
   * @param spread the standard deviation of the APGR over the seeds
   * @param trained prompts trained on, in the first seed
   * @param tested prompts tested, in the first seed
   */
  public record Row(Routing routing, double spread, int trained, int tested) {}

  /**
   * @param millisPerPrompt of one thread, from the prompt's text to the decision; the median
   */
  public record Measured(Map<String, Row> rows, double millisPerPrompt) {}

  private record Parts(List<Example> train, List<Example> test) {}

  private WinRouterBench(Spec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  public static Measured run(Spec spec, SentenceEncoder encoder, Progress progress)
      throws IOException {
    return new WinRouterBench(spec, progress).run(encoder);
  }

  private Measured run(SentenceEncoder encoder) throws IOException {
    PromptVectors vectors = new PromptVectors(encoder, spec.vectors(), progress);
    List<Example> mmlu = vectors.examples(clean("mmlu"));
    List<Example> gsm8k = vectors.examples(clean("gsm8k"));
    List<Example> mtbench = vectors.examples(clean("mtbench"));
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put("mmlu", row("mmlu", seed -> halves(mmlu, seed)));
    rows.put("mmluNewDomains", row("mmluNewDomains", seed -> domains(mmlu, seed)));
    rows.put("gsm8k", row("gsm8k", seed -> halves(gsm8k, seed)));
    List<Example> others = new ArrayList<>(mmlu);
    others.addAll(gsm8k);
    rows.put("mtbench", row("mtbench", seed -> new Parts(others, mtbench)));
    return new Measured(rows, millisPerPrompt(encoder, others));
  }

  private Row row(String name, Function<Long, Parts> split) {
    List<Routing> all = new ArrayList<>();
    Parts first = split.apply(0L);
    for (long seed = 0; seed < spec.seeds(); seed++) {
      Parts parts = split.apply(seed);
      WinModel model = WinTraining.fit(parts.train(), seed);
      all.add(
          Routing.of(
              values(parts.test(), each -> model.gain(each.reading())),
              values(parts.test(), each -> each.outcome().strong()),
              values(parts.test(), each -> each.outcome().weak())));
      progress.report(name, seed + 1, spec.seeds());
    }
    double apgr = mean(all, Routing::apgr);
    double squares = mean(all, each -> (each.apgr() - apgr) * (each.apgr() - apgr));
    return new Row(
        new Routing(apgr, mean(all, Routing::cpt50), mean(all, Routing::cpt80)),
        Math.sqrt(squares),
        first.train().size(),
        first.test().size());
  }

  /** Half of every domain on either side. */
  private static Parts halves(List<Example> examples, long seed) {
    Random random = new Random(seed);
    List<Example> train = new ArrayList<>();
    List<Example> test = new ArrayList<>();
    for (List<Example> domain : byDomain(examples).values()) {
      List<Example> shuffled = new ArrayList<>(domain);
      Collections.shuffle(shuffled, random);
      train.addAll(shuffled.subList(0, shuffled.size() / 2));
      test.addAll(shuffled.subList(shuffled.size() / 2, shuffled.size()));
    }
    Collections.shuffle(train, random);
    return new Parts(train, test);
  }

  /** Two thirds of the domains on one side, the others on the other. */
  private static Parts domains(List<Example> examples, long seed) {
    Random random = new Random(seed);
    Map<String, List<Example>> byDomain = byDomain(examples);
    List<String> names = new ArrayList<>(byDomain.keySet());
    Collections.shuffle(names, random);
    List<String> trained = names.subList(0, Math.round(names.size() * 2 / 3f));
    Map<Boolean, List<Example>> sides =
        examples.stream()
            .collect(Collectors.partitioningBy(each -> trained.contains(each.outcome().domain())));
    List<Example> train = new ArrayList<>(sides.getOrDefault(true, List.of()));
    Collections.shuffle(train, random);
    return new Parts(train, sides.getOrDefault(false, List.of()));
  }

  private static Map<String, List<Example>> byDomain(List<Example> examples) {
    return examples.stream()
        .collect(
            Collectors.groupingBy(
                each -> each.outcome().domain(), TreeMap::new, Collectors.toList()));
  }

  private List<Outcome> clean(String prefix) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    try (Stream<Path> files = Files.list(spec.data())) {
      List<Path> found =
          files
              .filter(each -> each.getFileName().toString().matches(prefix + ".*\\.jsonl(\\.gz)?"))
              .sorted()
              .toList();
      for (Path file : found) {
        outcomes.addAll(OutcomeFile.read(file, TOP_SCORE));
      }
    }
    List<Outcome> clean = outcomes.stream().filter(each -> !each.contaminated()).toList();
    if (clean.isEmpty()) {
      throw new InvalidValueException(
          spec.data().toString(), "it has no outcomes of " + prefix, "give RouteLLM's");
    }
    return clean;
  }

  private static double millisPerPrompt(SentenceEncoder encoder, List<Example> examples) {
    WinModel model = WinTraining.fit(examples.subList(0, Math.min(2000, examples.size())), 0);
    double[] millis = new double[TIMED];
    for (int i = -WARMING; i < TIMED; i++) {
      Outcome outcome = examples.get(Math.floorMod(i * 37, examples.size())).outcome();
      long start = System.nanoTime();
      double probability =
          model.weakWillDo(
              WinRouter.reading(
                  outcome.prompt(), outcome.turns(), encoder.encode(outcome.prompt())));
      if (i >= 0 && Double.isFinite(probability)) {
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    return millis[TIMED / 2];
  }

  private static double[] values(List<Example> examples, ToDoubleFunction<Example> of) {
    return examples.stream().mapToDouble(of).toArray();
  }

  private static double mean(List<Routing> all, ToDoubleFunction<Routing> of) {
    return all.stream().mapToDouble(of).average().orElse(Double.NaN);
  }
}
