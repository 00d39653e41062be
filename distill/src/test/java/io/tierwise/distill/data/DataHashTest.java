package io.tierwise.distill.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DataHashTest {
  private static final Label X = new Label("x");
  private static final Label Y = new Label("y");

  @Test
  void whateverATrainingSeesChangesTheHash() {
    List<List<Answered>> sets =
        List.of(
            List.of(),
            List.of(Answered.with("ab", X)),
            List.of(Answered.with("ab", Y)),
            List.of(Answered.with("a", new Label("bx"))),
            List.of(Answered.with("ab", X), Answered.with("c", Y)),
            List.of(Answered.with("c", Y), Answered.with("ab", X)),
            List.of(new Answered("ab", X, distribution(0.75))),
            List.of(new Answered("ab", X, distribution(0.5))));

    Set<String> hashes = new HashSet<>();
    sets.forEach(set -> hashes.add(DataHash.of(set)));

    assertEquals(sets.size(), hashes.size());
  }

  @Test
  void equalSetsHashAlike() {
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        DataHash.of(List.of()),
        "SHA-256 of nothing");
    assertEquals(
        DataHash.of(List.of(Answered.with("ab", X))), DataHash.of(List.of(Answered.with("ab", X))));
  }

  private static Distribution distribution(double first) {
    return Distribution.of(List.of(X, Y), new double[] {first, 1 - first});
  }
}
