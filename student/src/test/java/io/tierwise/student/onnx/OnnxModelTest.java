package io.tierwise.student.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OnnxModelTest {
  private static final byte[] LINEAR =
      Graphs.linear(new float[][] {{1, 2}, {3, 4}, {5, 6}}, new float[] {0.5f, -0.5f});

  @Test
  void runsARowForEachInput() throws IOException {
    try (OnnxModel model = OnnxModel.load("linear", LINEAR)) {
      Graph.Output output =
          model.forward(new Tensor.Floats("features", new float[] {1, 0, 0, 1, 1, 1}, 2, 3));

      assertArrayEquals(new long[] {2, 2}, output.shape());
      assertArrayEquals(new float[] {1.5f, 1.5f, 9.5f, 11.5f}, output.values());
    }
  }

  @Test
  void refusesBytesThatAreNoGraph() {
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class, () -> OnnxModel.load("m.onnx", new byte[] {1, 2, 3}));

    assertEquals("m.onnx", refused.field());
    assertTrue(refused.trouble().startsWith("ONNX Runtime cannot load it: "), refused.trouble());
  }

  @Test
  void refusesAnInputThatTheGraphDoesNotHave() throws IOException {
    try (OnnxModel model = OnnxModel.load("linear", LINEAR)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> model.forward(new Tensor.Floats("vectors", new float[3], 1, 3)));
    }
  }

  @Test
  void refusesAnInputOfTheWrongWidth() throws IOException {
    try (OnnxModel model = OnnxModel.load("linear", LINEAR)) {
      assertThrows(
          EngineException.class,
          () -> model.forward(new Tensor.Floats("features", new float[4], 1, 4)));
    }
  }

  @Test
  void refusesEveryPassAfterItIsClosed() throws IOException {
    OnnxModel model = OnnxModel.load("linear", LINEAR);
    model.close();
    model.close();

    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> model.forward(new Tensor.Floats("features", new float[3], 1, 3)));
    assertEquals("linear is closed", refused.getMessage());
  }

  @Test
  void closingWaitsForThePassesUnderWay() throws Exception {
    OnnxModel model = OnnxModel.load("linear", LINEAR);
    CountDownLatch running = new CountDownLatch(4);
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      Future<?>[] callers = new Future<?>[4];
      for (int i = 0; i < callers.length; i++) {
        callers[i] = executor.submit(() -> runUntilRefused(model, running));
      }
      running.await();
      model.close();
      for (Future<?> caller : callers) {
        caller.get();
      }
    }
  }

  private static void runUntilRefused(OnnxModel model, CountDownLatch running) {
    Tensor input = new Tensor.Floats("features", new float[] {1, 1, 1}, 1, 3);
    assertArrayEquals(new float[] {9.5f, 11.5f}, model.forward(input).values());
    running.countDown();
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> {
              while (true) {
                assertArrayEquals(new float[] {9.5f, 11.5f}, model.forward(input).values());
              }
            });
    assertEquals("linear is closed", refused.getMessage());
  }
}
