package io.tierwise.aws.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends objects without asking first whether they are wanted. They are small here, and Java's plain
 * HTTP client cannot read a refusal that comes before the body was sent.
 */
public final class PlainPuts implements ExecutionInterceptor {
  private static final String ASKING = "Expect";

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    return context.httpRequest().toBuilder().removeHeader(ASKING).build();
  }
}
