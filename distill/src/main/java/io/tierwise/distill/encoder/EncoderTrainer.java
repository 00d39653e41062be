package io.tierwise.distill.encoder;

import ai.djl.ndarray.NDArray;
import io.tierwise.distill.Progress;
import io.tierwise.distill.train.Adam;
import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Scope;
import io.tierwise.distill.train.RowAdam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;

/**
 * Trains an encoder, or the layers above a frozen part, on DJL's PyTorch engine: Adam at a rate
 * that warms up and falls, gradients cut to length 1. Of the word table only the rows that a batch
 * touches take part. Deterministic by its random numbers.
 */
final class EncoderTrainer {
  private static final double WARM_UP = 0.1;
  private static final double LONGEST_GRADIENT = 1;

  private final EncoderWeights weights;
  private final Lessons lessons;
  private final Course course;
  private final Random random;
  private final SequencedMap<String, Adam> trained = new LinkedHashMap<>();
  private final RowAdam words;

  private EncoderTrainer(EncoderWeights weights, Lessons lessons, Course course) {
    this.weights = weights;
    this.lessons = lessons;
    this.course = course;
    this.random = new Random(course.seed());
    this.words =
        new RowAdam(lessons.below() == null ? weights.vocabulary() : 0, weights.dimensions());
    weights
        .parameters()
        .forEach((name, parameter) -> {
          if (trains(name)) {
            trained.put(name, new Adam(parameter.values().length));
          }
        });
  }

  /** Trained weights; those given are left as they are. */
  static EncoderWeights train(
      EncoderWeights weights, Lessons lessons, Course course, Progress progress) {
    EncoderTrainer trainer = new EncoderTrainer(weights.copy(), lessons, course);
    trainer.train(progress);
    return trainer.weights;
  }

  private boolean trains(String name) {
    if (name.startsWith("layer.")) {
      return Integer.parseInt(name.split("\\.", 3)[1]) >= course.firstLayer();
    }
    if (name.startsWith(EncoderWeights.HEAD)) {
      return course.objective() instanceof Objective.Answer;
    }
    return lessons.below() == null && !name.equals(EncoderWeights.WORDS);
  }

  private void train(Progress progress) {
    List<int[]> stream = course.stream();
    try (Gradients gradients = new Gradients()) {
      if (stream.isEmpty()) {
        trainEpochs(gradients, progress);
      } else {
        for (int step = 0; step < stream.size(); step++) {
          step(gradients, stream.get(step), course.training().rate());
          progress.report("learning from the stream", step + 1L, stream.size());
        }
      }
    }
  }

  private void trainEpochs(Gradients gradients, Progress progress) {
    Training training = course.training();
    int[] lengths = Arrays.stream(lessons.tokens()).mapToInt(text -> text.length).toArray();
    long steps = (long) training.epochs() * Math.ceilDiv(lessons.size(), training.batch());
    long step = 0;
    for (int epoch = 0; epoch < training.epochs(); epoch++) {
      for (int[] chosen : LengthBatches.shuffled(lengths, training.batch(), random)) {
        step(gradients, chosen, rate(step, steps));
        step++;
        progress.report(stage(), step, steps);
      }
    }
  }

  private String stage() {
    return switch (course.objective()) {
      case Objective.Imitate imitate -> "imitating the teacher's states";
      case Objective.Answer answer -> "training the encoder";
    };
  }

  private float rate(long step, long steps) {
    double warm = Math.max(1, WARM_UP * steps);
    double share = step < warm ? (step + 1) / warm : (steps - step) / (steps - warm);
    return (float) (course.training().rate() * Math.min(1, share));
  }

  private void step(Gradients gradients, int[] chosen, float rate) {
    TokenBatch batch = TokenBatch.of(blanked(chosen));
    List<String> names = List.copyOf(trained.sequencedKeySet());
    List<Parameter> parameters = new ArrayList<>();
    names.forEach(name -> parameters.add(weights.parameter(name)));
    int width = weights.dimensions();
    Parameter table = weights.parameter(EncoderWeights.WORDS);
    if (lessons.below() == null) {
      parameters.add(
          new Parameter(batch.rows(table.values(), width), batch.touched().length, width));
    }
    List<float[]> slopes =
        gradients
            .of(
                (scope, arrays) -> loss(scope, names, arrays, batch, chosen),
                parameters.toArray(Parameter[]::new))
            .gradients();
    float shortening = shortening(slopes);
    slopes.forEach(slope -> scale(slope, shortening));
    int at = 0;
    for (Map.Entry<String, Adam> each : trained.entrySet()) {
      each.getValue().step(weights.parameter(each.getKey()).values(), slopes.get(at++), rate);
    }
    if (lessons.below() == null) {
      words.step(table.values(), batch.touched(), slopes.getLast(), rate);
    }
  }

  private NDArray loss(
      Scope scope, List<String> names, List<NDArray> arrays, TokenBatch batch, int[] chosen) {
    Map<String, NDArray> parameters = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      parameters.put(names.get(i), arrays.get(i));
    }
    NDArray mask = batch.mask(scope);
    EncoderForward forward = new EncoderForward(scope, parameters, weights.heads(), mask);
    HiddenStates below = lessons.below();
    NDArray start =
        below == null
            ? forward.embeddings(arrays.getLast(), batch.tokens(scope))
            : padded(scope, below, batch, chosen);
    NDArray states = forward.layers(start, course.firstLayer(), weights.layers());
    return switch (course.objective()) {
      case Objective.Imitate imitate -> {
        NDArray target = padded(scope, Objects.requireNonNull(lessons.target()), batch, chosen);
        NDArray tokens = mask.reshape(-1, 1);
        yield states.sub(target).square().mul(tokens).sum().div(tokens.sum());
      }
      case Objective.Answer answer -> {
        NDArray logits = apart(scope, forward.logits(forward.pooled(states)), chosen);
        NDArray hard = distribution(scope, lessons.answers(), chosen);
        NDArray soft = distribution(scope, lessons.distributions(), chosen);
        yield answerLoss(scope, answer, logits, hard, soft);
      }
    };
  }

  private static NDArray answerLoss(
      Scope scope, Objective.Answer answer, NDArray logits, NDArray hard, NDArray soft) {
    NDArray temperature = scope.number(answer.temperature());
    NDArray cooled = soft.pow(scope.number(1 / answer.temperature()));
    NDArray target = cooled.div(cooled.sum(new int[] {1}, true));
    NDArray hardLoss = hard.mul(logits.logSoftmax(1)).sum(new int[] {1}).mean().neg();
    NDArray softLoss =
        target.mul(logits.div(temperature).logSoftmax(1)).sum(new int[] {1}).mean().neg();
    NDArray hardShare = scope.number(1 - answer.softShare());
    NDArray softShare =
        scope.number(answer.softShare() * answer.temperature() * answer.temperature());
    return hardLoss.mul(hardShare).add(softLoss.mul(softShare));
  }

  private NDArray padded(Scope scope, HiddenStates states, TokenBatch batch, int[] chosen) {
    int rows = chosen.length * batch.length();
    return scope.array(states.padded(chosen, batch.length()), rows, weights.dimensions());
  }

  private NDArray apart(Scope scope, NDArray logits, int[] chosen) {
    float[][] apart = lessons.apart();
    return apart == null ? logits : logits.add(distribution(scope, apart, chosen));
  }

  private static NDArray distribution(Scope scope, float[][] all, int[] chosen) {
    return scope.array(Arrays.stream(chosen).mapToObj(i -> all[i]).toArray(float[][]::new));
  }

  /** The chosen texts, some of whose pieces between [CLS] and [SEP] are hidden. */
  private int[][] blanked(int[] chosen) {
    int[][] texts = new int[chosen.length][];
    for (int row = 0; row < chosen.length; row++) {
      texts[row] = lessons.tokens()[chosen[row]].clone();
      for (int i = 1; i < texts[row].length - 1 && course.training().blanked() > 0; i++) {
        if (random.nextFloat() < course.training().blanked()) {
          texts[row][i] = course.unknown();
        }
      }
    }
    return texts;
  }

  private static float shortening(List<float[]> slopes) {
    double squares = 0;
    for (float[] slope : slopes) {
      for (float value : slope) {
        squares += (double) value * value;
      }
    }
    return (float) Math.min(1, LONGEST_GRADIENT / Math.sqrt(squares + 1e-12));
  }

  private static void scale(float[] values, float factor) {
    if (factor < 1) {
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
    }
  }
}
