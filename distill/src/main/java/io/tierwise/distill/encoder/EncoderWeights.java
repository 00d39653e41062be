package io.tierwise.distill.encoder;

import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.router.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/**
 * The numbers of a BERT (Devlin et al., 2019) with mean pooling and a linear head, by name. With D
 * dimensions and F feed-forward units in a layer:
 *
 * <ul>
 *   <li>{@code words} [vocabulary, D]; {@code positions} [most tokens, D], the row of token type 0
 *       added in; {@code embeddings.norm.scale} and {@code .shift} [D]
 *   <li>of each layer {@code layer.N.}: {@code attention.weight} [D, 3D] (query, key, value side by
 *       side) and {@code .bias}; {@code context.weight} [D, D]; where heads were removed D is less
 *       in the former's columns and the latter's rows; {@code grow.weight} [D, F]; {@code
 *       shrink.weight} [F, D]; {@code attention.norm} and {@code output.norm}
 *   <li>{@code head.weight} [D, classes] and {@code head.bias}, where there is a head
 * </ul>
 */
public final class EncoderWeights {
  static final String WORDS = "words";
  static final String POSITIONS = "positions";
  static final String EMBEDDING_NORM = "embeddings.norm";
  static final String ATTENTION = "attention";
  static final String CONTEXT = "context";
  static final String ATTENTION_NORM = "attention.norm";
  static final String GROW = "grow";
  static final String SHRINK = "shrink";
  static final String OUTPUT_NORM = "output.norm";
  static final String HEAD = "head";

  /** What is added to a variance before its root is taken, as BERT does. */
  static final float NORM_EPSILON = 1e-12f;

  private static final double HEAD_SCALE = 0.02;

  private final int heads;
  private final SequencedMap<String, Parameter> parameters;

  /**
   * @param heads of attention in a layer that has all of its own
   */
  EncoderWeights(int heads, SequencedMap<String, Parameter> parameters) {
    this.heads = heads;
    this.parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
  }

  int heads() {
    return heads;
  }

  SequencedMap<String, Parameter> parameters() {
    return parameters;
  }

  /**
   * @throws InvalidValueException where there is no such parameter
   */
  Parameter parameter(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new InvalidValueException(
          name, "the encoder has no such numbers", "give a graph that an encoder job wrote");
    }
    return parameter;
  }

  public int dimensions() {
    return (int) parameter(WORDS).shape()[1];
  }

  public int vocabulary() {
    return (int) parameter(WORDS).shape()[0];
  }

  public int mostTokens() {
    return (int) parameter(POSITIONS).shape()[0];
  }

  public int classes() {
    return (int) parameter(HEAD + ".bias").shape()[0];
  }

  public int layers() {
    int layers = 0;
    while (parameters.containsKey(layer(layers, ATTENTION) + ".weight")) {
      layers++;
    }
    return layers;
  }

  /** Feed-forward units of a layer. */
  public int units(int layer) {
    return (int) parameter(layer(layer, GROW) + ".bias").shape()[0];
  }

  /** Numbers that a head of attention has for each of query, key and value. */
  int headSize() {
    return dimensions() / heads;
  }

  /** Heads of attention that a layer has left. */
  public int heads(int layer) {
    return (int) parameter(layer(layer, ATTENTION) + ".bias").shape()[0] / 3 / headSize();
  }

  static String layer(int layer, String part) {
    return "layer." + layer + "." + part;
  }

  /** The chosen layers alone, in the order given; all else as it is. Copies nothing. */
  EncoderWeights cut(List<Integer> layers) {
    SequencedMap<String, Parameter> kept = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> {
      if (!name.startsWith("layer.")) {
        kept.put(name, parameter);
      }
    });
    for (int to = 0; to < layers.size(); to++) {
      String from = layer(layers.get(to), "");
      if (layers.get(to) < 0 || layers.get(to) >= layers()) {
        throw new InvalidValueException(
            "layers", "there is no layer " + layers.get(to), "choose from 0 to " + (layers() - 1));
      }
      for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
        if (entry.getKey().startsWith(from)) {
          kept.put(layer(to, entry.getKey().substring(from.length())), entry.getValue());
        }
      }
    }
    return new EncoderWeights(heads, kept);
  }

  /** With a new head for so many classes: small random weights, no bias. */
  EncoderWeights withHead(int classes, long seed) {
    Random random = new Random(seed);
    float[] weights = new float[dimensions() * classes];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() * HEAD_SCALE);
    }
    return with(
        Map.of(
            HEAD + ".weight", new Parameter(weights, dimensions(), classes),
            HEAD + ".bias", new Parameter(new float[classes], classes)));
  }

  /** With some parameters put in place of those of the same name, or added. */
  EncoderWeights with(Map<String, Parameter> changed) {
    SequencedMap<String, Parameter> all = new LinkedHashMap<>(parameters);
    List<String> names = new ArrayList<>(changed.keySet());
    Collections.sort(names);
    names.forEach(name -> all.put(name, changed.get(name)));
    return new EncoderWeights(heads, all);
  }

  /** With only some rows of the word table, in the order given. */
  EncoderWeights withWords(int[] rows) {
    int width = dimensions();
    float[] from = parameter(WORDS).values();
    float[] table = new float[rows.length * width];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(from, rows[row] * width, table, row * width, width);
    }
    return with(Map.of(WORDS, new Parameter(table, rows.length, width)));
  }

  /** Reads at most so many tokens of a text. */
  EncoderWeights withMostTokens(int most) {
    int width = dimensions();
    float[] positions = Arrays.copyOf(parameter(POSITIONS).values(), most * width);
    return with(Map.of(POSITIONS, new Parameter(positions, most, width)));
  }

  /** A copy that shares no array with this. */
  EncoderWeights copy() {
    SequencedMap<String, Parameter> all = new LinkedHashMap<>();
    parameters.forEach((name, parameter) ->
        all.put(name, new Parameter(parameter.values().clone(), parameter.shape())));
    return new EncoderWeights(heads, all);
  }
}
