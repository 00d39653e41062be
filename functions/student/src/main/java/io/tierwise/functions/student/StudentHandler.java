package io.tierwise.functions.student;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.tierwise.aws.lambda.Environment;
import io.tierwise.aws.lambda.StudentRoot;
import io.tierwise.aws.student.StudentService;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** One batch of inputs in, one batch of predictions out. */
public final class StudentHandler implements RequestStreamHandler {
  private final StudentService students = StudentRoot.open(Environment.own());

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    out.write(students.answer(in));
  }
}
