package io.tierwise.aws.audit;

import io.tierwise.gateway.learning.AuditMessage;
import io.tierwise.gateway.learning.AuditQueue;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.contract.Audited;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Hands audits over by SQS. */
public final class SqsAudits implements AuditQueue {
  /** What every queue takes; newer ones may be made for more. */
  private static final int MOST_BYTES = 256 * 1024;

  private final SqsClient sqs;
  private final String queueUrl;

  public SqsAudits(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  @Override
  public int mostBytes() {
    return MOST_BYTES;
  }

  @Override
  public void enqueue(Audited audited) {
    try {
      sqs.sendMessage(
          message -> message.queueUrl(queueUrl).messageBody(AuditMessage.encode(audited)));
    } catch (SdkException e) {
      throw StoreException.outside("the audits' queue", e);
    }
  }
}
