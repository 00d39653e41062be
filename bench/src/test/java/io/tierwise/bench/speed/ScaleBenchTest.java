package io.tierwise.bench.speed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.dialect.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleBenchTest {
  private static final Scale SCALE =
      new Scale(
          "tasks",
          "an exact hit",
          List.of(new Scale.Point(1, 10, 16_000, null), new Scale.Point(1000, 12, 16_500, 0.985)));

  @TempDir private Path folder;

  @Test
  void theRatioIsOfTheLargestToTheSmallest() {
    assertEquals(1.2, SCALE.ratio(), 1e-12);
  }

  @Test
  void thePageDrawsEveryCurveWithItsFigures() {
    String page = ScalePage.html(List.of(SCALE));
    assertTrue(page.contains("<h2>tasks: an exact hit</h2>"), page);
    assertEquals(2, page.split("<circle", -1).length - 1);
    assertTrue(page.contains("<td>1,000</td><td>12.00</td><td>16,500</td><td>0.985</td>"), page);
    assertTrue(page.contains("1.20 times"), page);
  }

  @Test
  void everyTaskAndTenantOfAScaledGatewayIsAnsweredFromItsCache() throws IOException {
    try (StubUpstream upstream = StubUpstream.start();
        ScaledGateway gateway = ScaledGateway.open(folder.resolve("own"), upstream.url(), 3, 2)) {
      Set<String> ids = new HashSet<>();
      for (int call = 0; call < 6; call++) {
        Reply reply = gateway.next();
        assertEquals(200, reply.status());
        assertEquals("exact-cache", reply.headers().get("x-tierwise-tier"));
        ids.add(reply.headers().get("x-tierwise-request-id"));
      }
      assertEquals(6, ids.size());
    }
  }

  @Test
  void aScaledCacheHasWhatIsAskedForAmongAllOthers() throws IOException {
    try (ScaledAnswers answers = ScaledAnswers.fill(folder.resolve("cache"), 500, 20)) {
      for (int call = 0; call < 40; call++) {
        assertEquals("billing", answers.next().orElseThrow().label().value());
      }
      assertEquals(500, answers.count());
    }
  }

  @Test
  void scaledVectorsFindTheNearestOfWhatIsAskedAndAreTheSameWhenDrawnAgain() throws IOException {
    for (DrawnVectors drawn : DrawnVectors.values()) {
      float[] vector = drawn.vector(7);
      assertArrayEquals(vector, drawn.vector(7));
      double squares = 0;
      for (float each : vector) {
        squares += each * each;
      }
      assertEquals(1, squares, 1e-5);
      try (ScaledVectors vectors =
          ScaledVectors.fill(folder.resolve(drawn.name()), 300, 20, drawn)) {
        assertEquals(1, vectors.recall(), "of so few all are compared");
        assertEquals(20, vectors.next().size());
      }
    }
  }
}
