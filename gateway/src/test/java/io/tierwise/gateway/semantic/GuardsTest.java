package io.tierwise.gateway.semantic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.semantic.Guards.Difference;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardsTest {
  private static Optional<Difference> between(String one, String other) {
    Optional<Difference> difference = Guards.between(Guards.read(one), Guards.read(other));
    assertEquals(
        difference, Guards.between(Guards.read(other), Guards.read(one)), "whichever comes first");
    return difference;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "How do I reset my password?|How can I reset my password?",
        "How do I pay 1,000 dollars?|How can I pay 1000 dollars?",
        "Is it open on the 3rd floor?|Is it open on the third floor?",
        "What is the best way to learn Python?|What's the best way of learning python?",
        "Why can't I log in?|Why can I not log in?",
        "Where is my parcel?|My parcel: where is it?",
        "Wie setze ich mein Passwort zurück?|Wie kann ich mein Passwort zurücksetzen?"
      })
  void letsThroughWhatMeansTheSame(String one, String other) {
    assertEquals(Optional.empty(), between(one, other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NUMBER|Can I return it after 14 days?|Can I return it after 40 days?",
        "NUMBER|Is a table for two free?|Is a table for three free?",
        "NUMBER|Is 2.50 right?|Is 250 right?",
        "NEGATION|Can I travel with a visa?|Can I travel without a visa?",
        "NEGATION|How do I enable it?|How do I disable it?",
        "NEGATION|Is it legal?|Is it illegal?",
        "NAME|How do I get to Austria?|How do I get to Australia?",
        "NAME|how do i install chrome|how do i install firefox",
        "NAME|How do I loop in C++?|How do I loop in C#?",
        "ORDER|How do I convert miles to kilometres?|How do I convert kilometres to miles?",
        "ORDER|Did Rome defeat Carthage?|Did Carthage defeat Rome?"
      })
  void seesTheDifference(Difference difference, String one, String other) {
    assertEquals(Optional.of(difference), between(one, other));
  }
}
