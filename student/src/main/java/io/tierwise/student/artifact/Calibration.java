package io.tierwise.student.artifact;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.tierwise.router.confidence.Calibrator;
import io.tierwise.router.confidence.IsotonicRegression;
import io.tierwise.router.confidence.TemperatureScaling;
import java.util.Arrays;
import java.util.List;

/** A calibrator in the form that a manifest holds. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Calibration.Temperature.class, name = "temperature"),
  @JsonSubTypes.Type(value = Calibration.Isotonic.class, name = "isotonic")
})
public sealed interface Calibration {
  Calibrator calibrator();

  static Calibration of(Calibrator calibrator) {
    return switch (calibrator) {
      case TemperatureScaling scaling -> new Temperature(scaling.temperature());
      case IsotonicRegression isotonic ->
          new Isotonic(
              isotonic.base().temperature(),
              Arrays.stream(isotonic.scores()).boxed().toList(),
              Arrays.stream(isotonic.values()).boxed().toList());
    };
  }

  /** Temperature scaling. */
  record Temperature(double temperature) implements Calibration {
    public Temperature {
      new TemperatureScaling(temperature);
    }

    @Override
    public Calibrator calibrator() {
      return new TemperatureScaling(temperature);
    }
  }

  /** Isotonic regression on top of temperature scaling. */
  record Isotonic(double temperature, List<Double> scores, List<Double> values)
      implements Calibration {
    public Isotonic {
      scores = List.copyOf(scores);
      values = List.copyOf(values);
      regression(temperature, scores, values);
    }

    @Override
    public Calibrator calibrator() {
      return regression(temperature, scores, values);
    }

    private static IsotonicRegression regression(
        double temperature, List<Double> scores, List<Double> values) {
      return new IsotonicRegression(
          new TemperatureScaling(temperature), array(scores), array(values));
    }

    private static double[] array(List<Double> list) {
      return list.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }
}
