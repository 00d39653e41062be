package io.tierwise.distill.ladder;

import io.tierwise.distill.compress.Technique;
import io.tierwise.gateway.config.Kind;
import io.tierwise.gateway.config.Section;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads the stages of a recipe for feature vectors. */
final class FeatureSteps {
  private static final Kind<Integer> COUNT = Kind.whole(0, 1_000_000);

  /** What a share of the weights is counted among. */
  private enum Scope {
    GLOBAL,
    PER_LAYER
  }

  private FeatureSteps() {}

  static Technique read(Section section, Job job) {
    return switch (job) {
      case TRANSFER -> refused(section);
      case TRAIN ->
          new Technique.Train(hidden(section), integer(section, "labelled"), epochs(section, 15));
      case DISTILL ->
          new Technique.Distill(
              hidden(section),
              section.value("share", Kind.CLOSED_SHARE, "0.7"),
              section.value("temperature", Kind.POSITIVE, "4").doubleValue(),
              section.value("shifts", Kind.YES_OR_NO, "false"),
              epochs(section, 30));
      case PRUNE_WEIGHTS ->
          new Technique.PruneWeights(
              section.required("sparsity", Kind.OPEN_SHARE),
              section.value("scope", Kind.choice(Scope.class), "global") == Scope.PER_LAYER,
              epochs(section, 10));
      case PRUNE_NEURONS ->
          new Technique.PruneNeurons(
              section.required("keep", Kind.whole(1, 1_000_000)), epochs(section, 15));
      case FACTORIZE -> factorize(section);
      case EXTRACT ->
          new Technique.Extract(
              section.required("prototypes", Kind.whole(1, 1_000_000)),
              hidden(section),
              epochs(section, 60));
      case QUANTIZE ->
          new Technique.Quantize(
              section.value("mode", Kind.choice(Technique.Quantize.Mode.class), "static"));
      case COMPILE -> new Technique.Compile();
      case FUSE ->
          new Technique.Fuse(
              section.values("shares", Kind.OPEN_SHARE).stream().map(Section.Item::value).toList());
    };
  }

  private static Technique factorize(Section section) {
    OptionalInt rank = integer(section, "rank");
    Optional<Double> energy = section.optional("energy", Kind.OPEN_SHARE);
    if (rank.isPresent() == energy.isPresent()) {
      section.report(
          "rank",
          "it and energy are " + (rank.isPresent() ? "both" : "neither") + " given",
          "give one of the two");
    }
    return new Technique.Factorize(
        rank, energy.map(OptionalDouble::of).orElseGet(OptionalDouble::empty), epochs(section, 10));
  }

  private static OptionalInt integer(Section section, String key) {
    return section
        .optional(key, Kind.whole(1, 1_000_000))
        .map(OptionalInt::of)
        .orElseGet(OptionalInt::empty);
  }

  private static List<Integer> hidden(Section section) {
    return section.values("hidden", Kind.whole(1, 100_000)).stream()
        .map(Section.Item::value)
        .toList();
  }

  private static Technique.Epochs epochs(Section section, int otherwise) {
    return new Technique.Epochs(
        section.value("epochs", COUNT, String.valueOf(otherwise)),
        section.value("rate", Kind.OPEN_SHARE, "0.001").floatValue());
  }

  private static Technique refused(Section section) {
    section.report("job", "it is for texts", "use train");
    return new Technique.Compile();
  }
}
