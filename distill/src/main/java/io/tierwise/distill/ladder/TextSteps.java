package io.tierwise.distill.ladder;

import io.tierwise.distill.encoder.QuantizeEncoderJob.Scaling;
import io.tierwise.distill.ladder.TextTechnique.Teaching;
import io.tierwise.gateway.config.Kind;
import io.tierwise.gateway.config.Section;
import java.util.List;

/** Reads the stages of a recipe for texts. */
final class TextSteps {
  private static final Kind<Integer> EPOCHS = Kind.whole(0, 10_000);
  private static final Kind<Integer> LAYER = Kind.whole(0, 100);
  private static final List<Double> PENALTIES = List.of(3e-4, 1e-4, 3e-5, 1e-5, 3e-6);

  /** What carries a head. */
  private enum Base {
    BGE_SMALL,
    MINILM
  }

  /** What a student looks like. */
  private enum Form {
    BAG,
    ENCODER
  }

  private TextSteps() {}

  static TextTechnique read(Section section, Job job) {
    return switch (job) {
      case TRANSFER -> transfer(section);
      case TRAIN -> student(section, Teaching.NONE);
      case DISTILL ->
          student(
              section,
              new Teaching(
                  section.value("share", Kind.OPEN_SHARE, "0.5"),
                  section.value("temperature", Kind.POSITIVE, "2").doubleValue()));
      case PRUNE_NEURONS ->
          new TextTechnique.PruneUnits(
              section.required("keep", Kind.OPEN_SHARE), section.value("epochs", EPOCHS, "2"));
      case QUANTIZE ->
          new TextTechnique.Quantize(section.value("mode", Kind.choice(Scaling.class), "dynamic"));
      case PRUNE_WEIGHTS, FACTORIZE, EXTRACT, COMPILE, FUSE -> {
        section.report(
            "job",
            "it is for feature vectors",
            "use transfer, train, distill, prune-neurons or quantize");
        yield new TextTechnique.Quantize(Scaling.DYNAMIC);
      }
    };
  }

  private static TextTechnique transfer(Section section) {
    return switch (section.value("base", Kind.choice(Base.class), "bge-small")) {
      case BGE_SMALL -> {
        List<Double> penalties =
            section.values("penalties", Kind.OPEN_SHARE).stream().map(Section.Item::value).toList();
        yield new TextTechnique.Head(penalties.isEmpty() ? PENALTIES : penalties);
      }
      case MINILM ->
          new TextTechnique.FineTune(
              section.value("unfrozen", LAYER, "0"), section.value("epochs", EPOCHS, "4"));
    };
  }

  private static TextTechnique student(Section section, Teaching teaching) {
    return switch (section.required("student", Kind.choice(Form.class))) {
      case BAG ->
          new TextTechnique.Bag(
              teaching,
              section.value("members", Kind.whole(1, 100), "3"),
              section.value("epochs", EPOCHS, "6"));
      case ENCODER -> {
        List<Integer> layers =
            section.values("layers", LAYER).stream().map(Section.Item::value).toList();
        yield new TextTechnique.Encoder(
            teaching,
            layers.isEmpty() ? List.of(0, 1) : layers,
            section.value("imitate", EPOCHS, "0"),
            section.value("epochs", EPOCHS, "4"));
      }
    };
  }
}
