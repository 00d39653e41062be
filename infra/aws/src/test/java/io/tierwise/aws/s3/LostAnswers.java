package io.tierwise.aws.s3;

import java.util.HashSet;
import java.util.Set;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Every first answer to a write comes as the trouble of a server that has done its work all the
 * same, so that the client asks again.
 */
final class LostAnswers implements ExecutionInterceptor {
  private static final int SERVICE_UNAVAILABLE = 503;

  private final Set<String> lost = new HashSet<>();

  @Override
  public SdkHttpResponse modifyHttpResponse(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    boolean first =
        context.httpRequest().method() == SdkHttpMethod.PUT
            && lost.add(context.httpRequest().encodedPath());
    return first
        ? context.httpResponse().toBuilder().statusCode(SERVICE_UNAVAILABLE).build()
        : context.httpResponse();
  }
}
