package io.tierwise.distill.win;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.DataHash;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.file.DurableFiles;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The encoder's vectors of prompts, each worked out once. With a file they are kept from one run to
 * the next: after the encoder's name, each prompt's SHA-256 and its vector, big-endian; what is cut
 * off or of another encoder is worked out anew.
 */
public final class PromptVectors {
  private static final int HASH_BYTES = 32;
  private static final int AT_ONCE = 64;
  private static final int SAVED_EVERY = 16;

  private final SentenceEncoder encoder;
  private final @Nullable Path file;
  private final Progress progress;
  private final Map<String, float[]> known = new HashMap<>();

  /**
   * @param file where vectors are kept; null to keep none
   */
  public PromptVectors(SentenceEncoder encoder, @Nullable Path file, Progress progress)
      throws IOException {
    this.encoder = encoder;
    this.file = file;
    this.progress = progress;
    if (file != null && Files.exists(file)) {
      read(ByteBuffer.wrap(Files.readAllBytes(file)));
    }
  }

  /** The outcomes with what a router reads of their prompts, in their order. */
  public List<Example> examples(List<Outcome> outcomes) throws IOException {
    Set<String> wanted = new LinkedHashSet<>();
    outcomes.forEach(each -> wanted.add(each.prompt()));
    List<String> missing =
        wanted.stream().filter(prompt -> !known.containsKey(hash(prompt))).toList();
    for (int from = 0; from < missing.size(); from += AT_ONCE) {
      List<String> batch = missing.subList(from, Math.min(from + AT_ONCE, missing.size()));
      List<float[]> vectors = encoder.encode(batch);
      for (int i = 0; i < batch.size(); i++) {
        known.put(hash(batch.get(i)), vectors.get(i));
      }
      int done = from + batch.size();
      progress.report("encoding", done, missing.size());
      if (done == missing.size() || from / AT_ONCE % SAVED_EVERY == SAVED_EVERY - 1) {
        save();
      }
    }
    List<Example> examples = new ArrayList<>(outcomes.size());
    for (Outcome outcome : outcomes) {
      float[] vector = Objects.requireNonNull(known.get(hash(outcome.prompt())));
      examples.add(
          new Example(outcome, WinRouter.reading(outcome.prompt(), outcome.turns(), vector)));
    }
    return examples;
  }

  private static String hash(String prompt) {
    return DataHash.of(prompt);
  }

  private void read(ByteBuffer from) {
    byte[] name = encoder.name().getBytes(UTF_8);
    byte[] found = new byte[Math.min(name.length, from.remaining())];
    from.get(found);
    if (!Arrays.equals(name, found)) {
      return;
    }
    int dimensions = encoder.dimensions();
    byte[] hash = new byte[HASH_BYTES];
    while (from.remaining() >= HASH_BYTES + dimensions * Float.BYTES) {
      from.get(hash);
      float[] vector = new float[dimensions];
      from.asFloatBuffer().get(vector);
      from.position(from.position() + dimensions * Float.BYTES);
      known.put(HexFormat.of().formatHex(hash), vector);
    }
  }

  private void save() throws IOException {
    if (file == null) {
      return;
    }
    byte[] name = encoder.name().getBytes(UTF_8);
    int each = HASH_BYTES + encoder.dimensions() * Float.BYTES;
    ByteBuffer to = ByteBuffer.allocate(name.length + known.size() * each);
    to.put(name);
    known.keySet().stream()
        .sorted()
        .forEach(hash -> {
          to.put(HexFormat.of().parseHex(hash));
          for (float value : known.getOrDefault(hash, new float[0])) {
            to.putFloat(value);
          }
        });
    DurableFiles.replace(file, to.array());
  }
}
