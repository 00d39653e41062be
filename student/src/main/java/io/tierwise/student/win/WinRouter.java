package io.tierwise.student.win;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.feature.BagFeaturizer;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * Says before any model is called how probable it is that the weak one will do for a prompt: that
 * it is not the case that the strong model would be right and the weak one wrong. Thread-safe.
 */
public final class WinRouter {
  /** How manifests name what a router reads. */
  public static final String FEATURIZER =
      PromptFeatures.VERSION + "+" + BagFeaturizer.VERSION + "+" + SentenceEncoder.BGE_SMALL_MIDDLE;

  /** What a router decides between; a manifest's labels. */
  public static final List<String> CHOICES = List.of("weak", "strong");

  private final Artifact artifact;
  private final WinModel model;
  private final Function<String, float[]> encoder;

  private WinRouter(Artifact artifact, WinModel model, Function<String, float[]> encoder) {
    this.artifact = artifact;
    this.model = model;
    this.encoder = encoder;
  }

  /**
   * @param encoder gives a text's vector, as {@link SentenceEncoder#encode} does
   * @throws InvalidValueException where the artifact is no router or is damaged
   */
  public static WinRouter load(Artifact artifact, Function<String, float[]> encoder)
      throws IOException {
    if (artifact.manifest().shape() != Shape.WIN_ROUTER) {
      throw new InvalidValueException(
          artifact.directory().toString(),
          "it is a student of shape '" + artifact.manifest().shape() + "'",
          "give one that 'tierwise distill winrouter' made");
    }
    try {
      WinModel model = WinModel.of(artifact.read(ArtifactFiles.ROUTER));
      return new WinRouter(artifact, model, encoder);
    } catch (InvalidValueException e) {
      throw e.within(artifact.directory().resolve(ArtifactFiles.ROUTER).toString());
    }
  }

  public Artifact artifact() {
    return artifact;
  }

  /**
   * @param prompt the user's first message, or all of them
   * @param turns how many messages of the user's there are
   */
  public Confidence weakWillDo(String prompt, int turns) {
    return new Confidence(model.weakWillDo(reading(prompt, turns, encoder.apply(prompt))));
  }

  /** What the model reads of a prompt whose vector is known. */
  public static WinModel.Reading reading(String prompt, int turns, float[] vector) {
    return new WinModel.Reading(
        new BagFeaturizer().featurize(prompt), PromptFeatures.of(prompt, turns), vector);
  }
}
