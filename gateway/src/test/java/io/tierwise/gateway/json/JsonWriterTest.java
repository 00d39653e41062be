package io.tierwise.gateway.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tierwise.gateway.json.JsonWriter.Name;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  private static final JsonFactory JACKSON = new JsonFactory();
  private static final Name A = Name.of("a");
  private static final Name B = Name.of("b");

  @Test
  void putsCommasBetweenWhatFollowsOneAnother() {
    JsonWriter json = new JsonWriter(1).beginObject();
    json.name(A).beginArray().number(1).number(2).beginObject().endObject().string("x").endArray();
    json.name(B).beginObject().field(A, true).field(B, false).endObject();
    json.nullField(A).field(B, 0.5).fieldIfPresent(A, null).fieldIfPresent(B, "there");
    assertEquals(
        "{\"a\":[1,2,{},\"x\"],\"b\":{\"a\":true,\"b\":false},\"a\":null,\"b\":0.5,\"b\":\"there\"}",
        new String(json.endObject().toBytes(), UTF_8));
  }

  @Test
  void escapesWhatJsonMust() {
    assertEquals(
        "\"say \\\"no\\\" \\\\ \\b\\t\\n\\f\\r \\u0001 \u007f ü €\"",
        text(new JsonWriter(4).string("say \"no\" \\ \b\t\n\f\r \u0001 \u007f ü €")));
  }

  @Test
  void writesHalfASurrogatePairAsAQuestionMark() {
    assertEquals("\"a?b\"", text(new JsonWriter(8).string("a\ud83db")));
    assertEquals("\"😀\"", text(new JsonWriter(8).string("😀")));
  }

  @Test
  void hasNoNumberThatJsonLacks() {
    JsonWriter json = new JsonWriter(8);
    assertThrows(IllegalArgumentException.class, () -> json.number(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> json.number(Double.POSITIVE_INFINITY));
  }

  @Property
  void writesStringsAsJacksonDoes(@ForAll("texts") String value) throws IOException {
    assertEquals(jackson(json -> json.writeString(value)), text(new JsonWriter(8).string(value)));
  }

  @Property
  void writesNumbersAsJacksonDoes(@ForAll long whole, @ForAll double broken) throws IOException {
    assertEquals(jackson(json -> json.writeNumber(whole)), text(new JsonWriter(1).number(whole)));
    assertEquals(jackson(json -> json.writeNumber(broken)), text(new JsonWriter(1).number(broken)));
  }

  @Test
  void writesTheLongestNumbers() {
    for (long value : new long[] {0, 9, 10, 99, 100, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      assertEquals(Long.toString(value), text(new JsonWriter(1).number(value)));
    }
    for (long power = 1; power > 0 && power < Long.MAX_VALUE / 10; power *= 10) {
      assertEquals(Long.toString(power), text(new JsonWriter(1).number(power)));
      assertEquals(Long.toString(power - 1), text(new JsonWriter(1).number(power - 1)));
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ascii(),
        Arbitraries.strings().filter(value -> UTF_8.newEncoder().canEncode(value)));
  }

  @FunctionalInterface
  private interface Writing {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static String jackson(Writing value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JACKSON.createGenerator(bytes)) {
      value.writeTo(json);
    }
    return bytes.toString(UTF_8);
  }

  private static String text(JsonWriter json) {
    return new String(json.toBytes(), UTF_8);
  }
}
