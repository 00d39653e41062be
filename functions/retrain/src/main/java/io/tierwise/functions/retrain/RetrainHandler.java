package io.tierwise.functions.retrain;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.tierwise.aws.lambda.Environment;
import io.tierwise.aws.lambda.RetrainRoot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Starts the training of students that are due, on a schedule or when asked. */
public final class RetrainHandler implements RequestStreamHandler {
  private final RetrainRoot root = RetrainRoot.open(Environment.own());

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    root.decide(out);
  }
}
