package io.tierwise.bench.guarantee;

import io.tierwise.distill.Progress;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures of the contract, on simulated traffic and on that of data sets. */
public final class GuaranteeBench {
  /** Of all labels, those that are kept from the student to be a new domain later. */
  private static final double NEW_DOMAIN = 0.1;

  private GuaranteeBench() {}

  /**
   * A data set.
   *
   * @param file JSON lines with texts
   * @param field that holds the large model's answers
   */
  public record Source(Path file, String field) {
    /** The file's name and the folder it is in. */
    String name() {
      Path folder = file.toAbsolutePath().getParent();
      return (folder == null ? file : folder).getFileName() + "/" + field;
    }
  }

  /**
   * How data sets are scored.
   *
   * @param most rows that are used of each
   * @param work an empty directory
   */
  public record Scoring(int most, long seed, Path work) {}

  public static List<Validity.Row> validity(
      Validity.Spec spec, List<Source> sources, Scoring scoring, Progress progress)
      throws IOException {
    Map<String, Population> scored = new LinkedHashMap<>();
    for (Source source : sources) {
      scored.put(source.name(), score(source, scoring, 0, progress).population());
    }
    return Validity.run(spec, scored, progress);
  }

  public static Drift.Measured drift(
      Drift.Spec spec, List<Source> sources, Scoring scoring, Progress progress)
      throws IOException {
    List<Drift.Kind> kinds = new ArrayList<>(Drifts.simulated(spec.epsilon()));
    Naming.Measured naming = null;
    for (Source source : sources) {
      ScoredData data = score(source, scoring, NEW_DOMAIN, progress);
      kinds.addAll(Drifts.of(spec.epsilon(), data, spec.seed()));
      naming = naming == null ? Naming.run(spec, data, progress) : naming;
    }
    Drift.Measured measured = Drift.run(spec, kinds, progress);
    return new Drift.Measured(measured.heard(), measured.calm(), naming);
  }

  private static ScoredData score(Source source, Scoring scoring, double unseen, Progress progress)
      throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2).remembering(scoring.most())) {
      return ScoredData.of(
          source.file(),
          source.field(),
          scoring.most(),
          unseen,
          scoring.seed(),
          scoring.work().resolve(source.name().replace('/', '-')),
          encoder,
          progress);
    }
  }
}
