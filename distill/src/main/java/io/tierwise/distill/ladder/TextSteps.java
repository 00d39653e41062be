package io.tierwise.distill.ladder;

import io.tierwise.distill.Kept;
import io.tierwise.distill.compress.Step;
import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.ladder.TextTechnique.Teaching;
import io.tierwise.distill.onnx.Scaling;
import io.tierwise.gateway.config.Kind;
import io.tierwise.gateway.config.Section;
import java.util.List;

/** Reads the stages of a recipe for texts. */
final class TextSteps {
  private static final Kind<Integer> EPOCHS = Kind.whole(0, 10_000);
  private static final Kind<Integer> LAYER = Kind.whole(0, 100);
  private static final List<Double> PENALTIES = List.of(3e-4, 1e-4, 3e-5, 1e-5, 3e-6);

  /** Of fine-tuning an encoder. */
  private static final float RATE = 2e-4f;

  private static final Technique.Epochs NONE = new Technique.Epochs(0, RATE);

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

  static Step read(Section section, Job job) {
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
          new Technique.PruneNeurons(
              section.optional("keep", Kind.OPEN_SHARE).map(Kept::new),
              section.optional("heads", Kind.whole(1, 1000)).map(Kept::new),
              epochs(section, 2));
      case FACTORIZE -> FeatureSteps.factorize(section, NONE);
      case EXTRACT ->
          new Technique.Extract(
              section.required("prototypes", Kind.whole(1, 1_000_000)),
              List.of(),
              section.values("layers", LAYER).stream().map(Section.Item::value).toList(),
              epochs(section, 10));
      case QUANTIZE ->
          new Technique.Quantize(section.value("mode", Kind.choice(Scaling.class), "dynamic"));
      case COMPILE -> new Technique.Compile();
      case FUSE ->
          new Technique.Fuse(
              section.values("shares", Kind.OPEN_SHARE).stream().map(Section.Item::value).toList());
      case PRUNE_WEIGHTS -> {
        section.report("job", "it is for feature vectors", "use prune-neurons");
        yield new Technique.Compile();
      }
    };
  }

  private static Technique.Epochs epochs(Section section, int otherwise) {
    return new Technique.Epochs(section.value("epochs", EPOCHS, String.valueOf(otherwise)), RATE);
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
