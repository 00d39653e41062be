package io.tierwise.aws.student;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.Attempt;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Predictor;
import io.tierwise.student.model.PredictorException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/**
 * A student that runs in its own function. Whatever goes wrong there is this tier's to be
 * unavailable for, with its cause; the large model answers then.
 */
public final class FunctionStudent implements Predictor {
  private final LambdaClient lambda;
  private final String function;
  private final Artifact artifact;

  /**
   * @param lambda its timeouts are how long a caller waits for the function
   * @param function name, alias or ARN
   * @throws InvalidValueException where two students are in line: the function asks one
   */
  public FunctionStudent(LambdaClient lambda, String function, Artifact artifact) {
    if (artifact.line()) {
      throw new InvalidValueException(
          "artifact",
          artifact.manifest().version() + " is two students in line, and a function asks one",
          "set flywheel.line to false, or serve students in the gateway's own process");
    }
    this.lambda = lambda;
    this.function = function;
    this.artifact = artifact;
  }

  @Override
  public String version() {
    return artifact.manifest().version();
  }

  @Override
  public boolean reads(Input input) {
    return switch (input) {
      case Input.Text text -> artifact.manifest().shape() != Shape.MLP;
      case Input.Features features ->
          artifact.manifest().shape() == Shape.MLP
              && features.bytes() == artifact.dimensions() * Float.BYTES;
    };
  }

  @Override
  public List<Prediction> predict(List<Input> inputs) {
    byte[] body = new StudentRequest(artifact.manifest().task(), version(), inputs).encode();
    InvokeResponse answer = invoke(body);
    byte[] payload = answer.payload().asByteArrayUnsafe();
    if (answer.functionError() != null) {
      throw failed(payload);
    }
    List<Prediction> predictions = decode(payload);
    if (predictions.size() != inputs.size()) {
      throw unusable(predictions.size() + " predictions for " + inputs.size() + " inputs");
    }
    return predictions;
  }

  private InvokeResponse invoke(byte[] body) {
    try {
      return lambda.invoke(
          request -> request.functionName(function).payload(SdkBytes.fromByteArrayUnsafe(body)));
    } catch (TooManyRequestsException e) {
      throw new PredictorException(Attempt.Cause.THROTTLED, "the function is throttled");
    } catch (RequestTooLargeException e) {
      throw new PredictorException(Attempt.Cause.FAILED, "the request is too large");
    } catch (ApiCallTimeoutException | ApiCallAttemptTimeoutException e) {
      throw new PredictorException(Attempt.Cause.TIMEOUT, "the function took too long");
    } catch (SdkException e) {
      throw new PredictorException(
          Attempt.Cause.FAILED, "the function cannot be reached: " + e.getMessage());
    }
  }

  /** A function that ran into its own timeout says so in its error's words alone. */
  private static PredictorException failed(byte[] payload) {
    String words = new String(payload, java.nio.charset.StandardCharsets.UTF_8);
    Attempt.Cause cause =
        words.contains("Task timed out") ? Attempt.Cause.TIMEOUT : Attempt.Cause.FAILED;
    return new PredictorException(cause, "the function failed: " + shortened(words));
  }

  private List<Prediction> decode(byte[] payload) {
    try {
      StudentResponse response = StudentResponse.decode(payload);
      if (!response.artifact().equals(version())) {
        throw unusable("artifact " + response.artifact() + " answered for " + version());
      }
      Set<String> known = new HashSet<>(artifact.manifest().labels());
      for (Prediction prediction : response.predictions()) {
        for (Label label : prediction.distribution().labels()) {
          if (!known.contains(label.value())) {
            throw unusable("'" + label.value() + "' is no label of the artifact");
          }
        }
      }
      return response.predictions();
    } catch (InvalidValueException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  private static PredictorException unusable(String detail) {
    return new PredictorException(Attempt.Cause.UNUSABLE_ANSWER, detail);
  }

  private static String shortened(String words) {
    return words.length() <= 300 ? words : words.substring(0, 300) + "…";
  }

  /** The client is shared, and its owner's to close. */
  @Override
  public void close() {}
}
