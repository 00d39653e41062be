package io.tierwise.aws.s3;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Ends what is under way at its n-th request, before or after it was sent, as a kill would: no
 * later request gets through either.
 */
final class MortalClient implements ExecutionInterceptor {
  private final AtomicInteger left;
  private final boolean sent;

  /** Where it died. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /**
   * @param requests how many are answered
   * @param sent whether the last request reaches the server
   */
  MortalClient(int requests, boolean sent) {
    this.left = new AtomicInteger(requests);
    this.sent = sent;
  }

  boolean died() {
    return left.get() < 0;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    if (left.decrementAndGet() < (sent ? -1 : 0)) {
      throw new Killed();
    }
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    if (left.get() < 0) {
      throw new Killed();
    }
  }
}
