package io.tierwise.gateway.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.chat.Judge.Judgement;
import io.tierwise.gateway.testing.WordEncoder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JudgesTest {
  private static boolean worse(Judge judge, String strong, String weak) {
    Judgement judgement = judge.judge("?", strong, weak);
    assertEquals(List.of(), judgement.calls());
    return ((Judgement.Decided) judgement).worse();
  }

  @Test
  void exactKnowsNoDifferenceThatIsNone() {
    assertEquals(false, worse(Judges.exact(), "Paris", "Paris"));
    assertEquals(true, worse(Judges.exact(), "Paris", "paris"));
  }

  @Test
  void normalisedLooksPastCaseSpaceFormsAndTheFullStop() {
    assertEquals(false, worse(Judges.normalised(), "The  answer\nis ﬁve", " the answer is five. "));
    assertEquals(true, worse(Judges.normalised(), "-5", "5"));
    assertEquals(true, worse(Judges.normalised(), "3.5", "35"));
  }

  @Test
  void embeddingAsksForAsMuchLikenessAsItIsTold() {
    WordEncoder encoder = new WordEncoder();
    // Three of four words in common: a cosine of 0.75.
    String strong = "one two three four";
    String weak = "one two three five";
    assertEquals(false, worse(Judges.embedding(encoder::encode, 0.74), strong, weak));
    assertEquals(true, worse(Judges.embedding(encoder::encode, 0.76), strong, weak));
    assertEquals(true, worse(Judges.embedding(encoder::encode, 0.1), strong, ""));
    assertEquals(false, worse(Judges.embedding(encoder::encode, 0.1), " ", ""));
  }
}
