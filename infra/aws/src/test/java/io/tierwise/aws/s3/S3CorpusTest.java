package io.tierwise.aws.s3;

import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.testing.CorpusContract;
import io.tierwise.gateway.testing.MutableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3CorpusTest extends CorpusContract {
  private static LocalS3 s3;

  @BeforeAll
  static void start() throws Exception {
    s3 = new LocalS3();
  }

  @AfterAll
  static void stop() {
    if (s3 != null) {
      s3.close();
    }
  }

  @Override
  protected Corpus open(MutableClock clock) {
    return new S3Corpus(s3.client(), s3.bucket(), clock);
  }
}
