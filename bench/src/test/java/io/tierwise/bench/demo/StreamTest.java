package io.tierwise.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.bench.demo.Stream.Utterance;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamTest {
  private static final Path TEXTS =
      Path.of(System.getProperty("tierwise.home"), "infra/demo/support-desk");
  private static final List<Utterance> POOL =
      IntStream.range(0, 100)
          .mapToObj(i -> new Utterance("text " + i, new Label("label")))
          .toList();

  @Test
  void drawsTheSameStreamFromTheSameSeed() {
    assertEquals(Stream.draw(POOL, 500, 7), Stream.draw(POOL, 500, 7));
    assertNotEquals(Stream.draw(POOL, 500, 7), Stream.draw(POOL, 500, 8));
  }

  @Test
  void repeatsPopularTextsAndKeepsRareOnes() {
    List<Utterance> stream = Stream.draw(POOL, 500, 7);
    long different = stream.stream().distinct().count();
    long mostPopular =
        POOL.stream()
            .mapToLong(one -> stream.stream().filter(one::equals).count())
            .max()
            .orElseThrow();
    assertEquals(500, stream.size());
    assertTrue(different > 80, different + " different texts");
    assertTrue(mostPopular > 20, "the most popular comes " + mostPopular + " times");
  }

  @Test
  void shipsTheTextsInThreePartsThatShareNone() throws IOException {
    List<Utterance> teacher = Stream.read(TEXTS.resolve("teacher.jsonl"));
    List<Utterance> stream = Stream.read(TEXTS.resolve("stream.jsonl"));
    List<Utterance> heldOut = Stream.read(TEXTS.resolve("heldout.jsonl"));
    Set<String> texts = new HashSet<>();
    List.of(teacher, stream, heldOut)
        .forEach(part -> part.forEach(one -> texts.add(one.text().toLowerCase(Locale.ROOT))));
    assertEquals(994 + 1435 + 331, texts.size());
    assertEquals(21, teacher.stream().map(Utterance::human).distinct().count());
  }
}
