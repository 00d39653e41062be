package io.tierwise.functions.report;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.tierwise.aws.lambda.Environment;
import io.tierwise.aws.lambda.ReportRoot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Adds up the ledger as it was delivered, on a schedule or when asked. */
public final class ReportHandler implements RequestStreamHandler {
  private final ReportRoot root = new ReportRoot(Environment.own());

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    root.write(out);
  }
}
