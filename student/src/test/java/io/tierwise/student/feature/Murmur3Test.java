package io.tierwise.student.feature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Murmur3Test {
  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'', 1, 514e28b7",
    "'', ffffffff, 81f16f39",
    "test, 0, ba6bd213",
    "test, 9747b28c, 704b81dc",
    "'Hello, world!', 0, c0363e43",
    "'Hello, world!', 9747b28c, 24884cba",
    "The quick brown fox jumps over the lazy dog, 9747b28c, 2fa826cd",
    "aaa, 9747b28c, 283e0130",
    "ab, 9747b28c, 74875592",
    "ππππππππ, 9747b28c, d58063c1"
  })
  void agreesWithThePublishedTestVectors(String text, String seed, String expected) {
    byte[] bytes = ("##" + text + "##").getBytes(UTF_8);

    int hash = Murmur3.hash(bytes, 2, bytes.length - 2, Integer.parseUnsignedInt(seed, 16));

    assertEquals(Integer.parseUnsignedInt(expected, 16), hash);
  }
}
