package io.tierwise.aws.s3;

import io.tierwise.aws.ledger.LogLines;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.services.s3.S3Client;

/** The ledger as Firehose delivered it: log lines in objects, compressed or not. */
public final class S3Ledger {
  private static final int GZIP_MAGIC = 0x1f;

  private final Objects objects;

  public S3Ledger(S3Client s3, String bucket) {
    this.objects = new Objects(s3, bucket);
  }

  /** All entries below a prefix, each once. */
  public List<LedgerEntry> entries(String prefix) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Objects.Listed listed : objects.list(prefix)) {
      String key = listed.key();
      Objects.Found found =
          objects.get(key).orElseThrow(() -> new IOException(key + " was deleted meanwhile"));
      new String(unpacked(found.content()), StandardCharsets.UTF_8).lines().forEach(lines::add);
    }
    return LogLines.entries(lines.stream());
  }

  /** Keeps a report. */
  public void write(String key, byte[] content) throws IOException {
    objects.put(key, content);
  }

  private static byte[] unpacked(byte[] content) throws IOException {
    if (content.length < 2 || content[0] != GZIP_MAGIC) {
      return content;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return in.readAllBytes();
    }
  }
}
