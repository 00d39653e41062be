package io.tierwise.aws.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.ledger.EntryLine;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.SampleEntries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

class S3LedgerTest {
  private static byte[] compressed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void readsWhatWasDeliveredCompressedOrNotAndEachEntryOnce() throws Exception {
    List<LedgerEntry> all = SampleEntries.all();
    String lines = all.stream().map(EntryLine::encode).collect(Collectors.joining("\n")) + "\n";
    try (LocalS3 s3 = new LocalS3()) {
      String bucket = s3.bucket();
      s3.client()
          .putObject(
              put -> put.bucket(bucket).key("ledger/2026/03/01/a.gz"),
              RequestBody.fromBytes(compressed(lines)));
      s3.client()
          .putObject(
              put -> put.bucket(bucket).key("ledger/2026/03/01/b"), RequestBody.fromString(lines));
      s3.client()
          .putObject(
              put -> put.bucket(bucket).key("other/c"),
              RequestBody.fromString(EntryLine.encode(SampleEntries.escalated("elsewhere"))));

      S3Ledger ledger = new S3Ledger(s3.client(), bucket);
      assertEquals(all, ledger.entries("ledger/"));
      assertEquals(List.of(), ledger.entries("nothing/"));
      ledger.write("reports/report.json", "{}".getBytes(StandardCharsets.UTF_8));
      assertEquals(
          "{}",
          s3.client()
              .getObjectAsBytes(get -> get.bucket(bucket).key("reports/report.json"))
              .asUtf8String());
    }
  }
}
