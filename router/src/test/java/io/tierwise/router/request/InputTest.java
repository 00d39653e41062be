package io.tierwise.router.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import org.junit.jupiter.api.Test;

class InputTest {
  private static final Input ONE_TWO = new Input.Features(new float[] {1, 2});

  @Test
  void countsATextsBytesAsUtf8() {
    assertEquals(3, new Input.Text("abc").bytes());
    assertEquals(2, new Input.Text("a\u007f").bytes());
    assertEquals(3, new Input.Text("a\u0080").bytes());
    assertEquals(5, new Input.Text("a€b").bytes());
  }

  @Test
  void vectorsAreEqualByTheirNumbers() {
    Input same = new Input.Features(new float[] {1, 2});
    assertEquals(ONE_TWO, same);
    assertEquals(ONE_TWO.hashCode(), same.hashCode());
    assertNotEquals(ONE_TWO, new Input.Features(new float[] {1, 3}));
    assertNotEquals(ONE_TWO.hashCode(), new Input.Features(new float[] {1, 3}).hashCode());
    assertNotEquals(ONE_TWO, new Input.Text("1, 2"));
    assertEquals(8, ONE_TWO.bytes());
  }

  @Test
  void aFormFitsItsOwnInputsAlone() {
    InputForm text = new InputForm.Text();
    InputForm pairs = new InputForm.Features(2);
    assertTrue(text.fits(text.sample()));
    assertFalse(text.fits(ONE_TWO));
    assertTrue(pairs.fits(ONE_TWO));
    assertTrue(pairs.fits(pairs.sample()));
    assertFalse(pairs.fits(new Input.Features(new float[] {1, 2, 3})));
    assertFalse(pairs.fits(text.sample()));
    assertEquals("text", text.toString());
    assertEquals("vectors of 2 features", pairs.toString());
  }

  @Test
  void aLabelHasOneTo256Characters() {
    assertEquals(256, new Label("x".repeat(256)).value().length());
    assertEquals("it has 257 characters", trouble("x".repeat(257)));
    assertEquals("it is blank", trouble(" "));
  }

  private static String trouble(String label) {
    return assertThrows(InvalidValueException.class, () -> new Label(label)).trouble();
  }
}
