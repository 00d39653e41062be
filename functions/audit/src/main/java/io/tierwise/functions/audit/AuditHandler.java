package io.tierwise.functions.audit;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.tierwise.aws.lambda.Environment;
import io.tierwise.aws.lambda.GatewayRoot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A batch of audits from the queue; those that fail alone are delivered again. */
public final class AuditHandler implements RequestStreamHandler {
  private final GatewayRoot root = GatewayRoot.auditing(Environment.own());

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    root.audits(in, out, context::getRemainingTimeInMillis);
  }
}
