package io.tierwise.aws.s3;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** S3's protocol, served by s3proxy from memory. */
public final class LocalS3 implements AutoCloseable {
  private final AtomicInteger buckets = new AtomicInteger();
  private final S3Proxy proxy;
  private final S3Client client;

  public LocalS3() throws Exception {
    proxy =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .build();
    proxy.start();
    client = client(endpoint());
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  static S3Client client(URI endpoint, ExecutionInterceptor... interceptors) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        // It answers, and closes, before it has read the checksum that trails the content.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .overrideConfiguration(options -> {
          options.addExecutionInterceptor(new PlainPuts());
          List.of(interceptors).forEach(options::addExecutionInterceptor);
        })
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .build();
  }

  public S3Client client() {
    return client;
  }

  public String bucket() {
    String name = "bucket-" + buckets.incrementAndGet();
    client.createBucket(request -> request.bucket(name));
    return name;
  }

  @Override
  public void close() {
    client.close();
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("it does not stop", e);
    }
  }
}
