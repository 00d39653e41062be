package io.tierwise.distill.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/** An encoder of sixteen dimensions, and texts whose label is the colour in them. */
public final class Tiny {
  public static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

  private static final List<String> PIECES =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "the", "is", "red", "blue", "green",
          "house", "car", "tree", "my", "very");
  private static final List<String> FILLERS =
      List.of("a", "the", "is", "house", "car", "tree", "my", "very");
  private static final int WIDTH = 16;
  private static final int HEADS = 2;
  private static final int UNITS = 24;
  private static final int TOKENS = 12;

  private Tiny() {}

  public static Task.Classification task(String... labels) {
    return new Task.Classification("colour", List.of(labels).stream().map(Label::new).toList());
  }

  /** Texts of two to six words, each with one colour, which is the label. */
  public static List<Answered> texts(int count, long seed, String... colours) {
    Random random = new Random(seed);
    List<Answered> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> words = new ArrayList<>();
      for (int word = random.nextInt(5); word >= 0; word--) {
        words.add(FILLERS.get(random.nextInt(FILLERS.size())));
      }
      String colour = colours[i % colours.length];
      words.add(random.nextInt(words.size() + 1), colour);
      texts.add(Answered.with(String.join(" ", words), new Label(colour)));
    }
    return texts;
  }

  /** Random weights of so many layers. */
  static EncoderModel model(int layers, int classes, long seed) {
    Random random = new Random(seed);
    SequencedMap<String, Parameter> all = new LinkedHashMap<>();
    all.put(EncoderWeights.WORDS, matrix(random, PIECES.size(), WIDTH));
    all.put(EncoderWeights.POSITIONS, matrix(random, TOKENS, WIDTH));
    norm(all, EncoderWeights.EMBEDDING_NORM);
    for (int layer = 0; layer < layers; layer++) {
      dense(all, random, EncoderWeights.layer(layer, EncoderWeights.ATTENTION), WIDTH, 3 * WIDTH);
      dense(all, random, EncoderWeights.layer(layer, EncoderWeights.CONTEXT), WIDTH, WIDTH);
      norm(all, EncoderWeights.layer(layer, EncoderWeights.ATTENTION_NORM));
      dense(all, random, EncoderWeights.layer(layer, EncoderWeights.GROW), WIDTH, UNITS);
      dense(all, random, EncoderWeights.layer(layer, EncoderWeights.SHRINK), UNITS, WIDTH);
      norm(all, EncoderWeights.layer(layer, EncoderWeights.OUTPUT_NORM));
    }
    EncoderWeights weights = new EncoderWeights(HEADS, all).withHead(classes, seed);
    return new EncoderModel(weights, tokenizer(), List.of());
  }

  /** A model that was trained on texts, as an artifact. */
  public static Artifact trained(
      Path directory, int layers, Task.Classification task, List<Answered> texts)
      throws IOException {
    EncoderModel model = model(layers, task.labels().size(), 7);
    int[][] tokens = model.tokens(texts);
    float[][] hard = Targets.hard(texts, task.labels());
    EncoderWeights weights =
        EncoderTrainer.train(
            model.weights(),
            Lessons.answers(tokens, hard, hard),
            Course.whole(new Objective.Answer(0, 1), new Training(20, 16, 5e-3f, 0), 1, 3),
            Progress.SILENT);
    return new EncoderExport("test", Map.of(), task, 3, CLOCK)
        .write(model.with(weights), texts, Map.of(), directory);
  }

  static Workshop workshop(SentenceEncoder encoder, Path cache) throws IOException {
    return new Workshop(encoder, cache, CLOCK, Progress.SILENT);
  }

  static byte[] tokenizer() {
    StringBuilder vocabulary = new StringBuilder();
    for (int token = 0; token < PIECES.size(); token++) {
      vocabulary
          .append(token == 0 ? "" : ",")
          .append('"')
          .append(PIECES.get(token))
          .append("\":")
          .append(token);
    }
    return """
    {"version": "1.0",
     "truncation": {"direction": "Right", "max_length": 12, "strategy": "LongestFirst",
       "stride": 0},
     "padding": null,
     "added_tokens": [],
     "normalizer": {"type": "BertNormalizer", "clean_text": true,
       "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
     "pre_tokenizer": {"type": "BertPreTokenizer"},
     "post_processor": {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
         {"Sequence": {"id": "A", "type_id": 0}},
         {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}},
         {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {
         "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
         "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
     "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
       "max_input_chars_per_word": 100, "vocab": {VOCABULARY}}}
    """
        .replace("VOCABULARY", vocabulary)
        .getBytes(UTF_8);
  }

  private static void dense(
      Map<String, Parameter> all, Random random, String name, int from, int to) {
    all.put(name + ".weight", matrix(random, from, to));
    all.put(name + ".bias", new Parameter(new float[to], to));
  }

  private static void norm(Map<String, Parameter> all, String name) {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    all.put(name + ".scale", new Parameter(ones, WIDTH));
    all.put(name + ".shift", new Parameter(new float[WIDTH], WIDTH));
  }

  private static Parameter matrix(Random random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(WIDTH));
    }
    return new Parameter(values, rows, columns);
  }
}
