package io.tierwise.distill.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Slope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class GradientsTest {
  private static final Gradients.Loss SUM_OF_SQUARES =
      (scope, parameters) ->
          parameters
              .get(0)
              .sub(scope.array(new float[] {1, 1}, 2))
              .square()
              .sum()
              .add(parameters.get(1).sum().mul(scope.number(5)));

  private final Parameter left = new Parameter(new float[] {3, -1}, 2);
  private final Parameter right = new Parameter(new float[] {10, 20, 30, 40}, 2, 2);

  @Test
  void givesTheLossAndItsGradientByEveryParameter() {
    try (Gradients gradients = new Gradients()) {
      Slope slope = gradients.of(SUM_OF_SQUARES, left, right);

      assertEquals(4 + 4 + 500, slope.loss());
      assertArrayEquals(new float[] {4, -4}, slope.gradients().get(0));
      assertArrayEquals(new float[] {5, 5, 5, 5}, slope.gradients().get(1));
    }
  }

  @Test
  void nothingOfOneStepIsLeftToTheNext() {
    try (Gradients gradients = new Gradients()) {
      for (int step = 0; step < 100; step++) {
        Slope slope = gradients.of(SUM_OF_SQUARES, left, right);

        assertArrayEquals(new float[] {4, -4}, slope.gradients().get(0), "step " + step);
        assertEquals(0, gradients.held(), "step " + step);
      }
    }
  }

  @Test
  void leavesTheCallersArraysAlone() {
    try (Gradients gradients = new Gradients()) {
      gradients.of(SUM_OF_SQUARES, left, right);

      assertArrayEquals(new float[] {3, -1}, left.values());
    }
  }

  @Test
  void worksAgainAfterALossThatFailed() {
    try (Gradients gradients = new Gradients()) {
      assertThrows(
          IllegalStateException.class,
          () ->
              gradients.of(
                  (scope, parameters) -> {
                    throw new IllegalStateException("a bad loss");
                  },
                  left));

      assertEquals(0, gradients.held());
      assertEquals(508, gradients.of(SUM_OF_SQUARES, left, right).loss());
    }
  }

  @Test
  void severalMayTrainAtOnce() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> trainings = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        trainings.add(executor.submit(this::train));
      }
      for (Future<?> training : trainings) {
        training.get();
      }
    }
  }

  private void train() {
    try (Gradients gradients = new Gradients()) {
      for (int step = 0; step < 50; step++) {
        Slope slope = gradients.of(SUM_OF_SQUARES, left, right);
        assertArrayEquals(new float[] {4, -4}, slope.gradients().get(0));
      }
    }
  }
}
