package io.tierwise.functions.gateway;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.tierwise.aws.lambda.Environment;
import io.tierwise.aws.lambda.GatewayRoot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** API Gateway's events, answered by the same front as the self-hosted server's requests. */
public final class GatewayHandler implements RequestStreamHandler {
  private final GatewayRoot root = GatewayRoot.serving(Environment.own());

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    root.http(in, out);
  }
}
