package io.tierwise.aws.s3;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The objects of one bucket, whole and in memory: none here is larger than a student. */
record Objects(S3Client s3, String bucket) {
  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;

  /**
   * An object.
   *
   * @param tag changes with its content
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Found(byte[] content, String tag) {}

  Optional<Found> get(String key) throws IOException {
    try {
      ResponseBytes<GetObjectResponse> found =
          s3.getObjectAsBytes(request -> request.bucket(bucket).key(key));
      return Optional.of(new Found(found.asByteArrayUnsafe(), found.response().eTag()));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw trouble(key, e);
    }
  }

  void put(String key, byte[] content) throws IOException {
    try {
      s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
    } catch (SdkException e) {
      throw trouble(key, e);
    }
  }

  /**
   * Writes over what {@code tag} marks, or, where it is null, where nothing is.
   *
   * @return false when another was faster
   */
  boolean swap(String key, @Nullable String tag, byte[] content) throws IOException {
    PutObjectRequest.Builder request = PutObjectRequest.builder().bucket(bucket).key(key);
    if (tag == null) {
      request.ifNoneMatch("*");
    } else {
      request.ifMatch(tag);
    }
    try {
      s3.putObject(request.build(), RequestBody.fromBytes(content));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT) {
        return false;
      }
      throw trouble(key, e);
    } catch (SdkException e) {
      throw trouble(key, e);
    }
  }

  /** An object without its content. */
  record Listed(String key, long bytes, Instant modified) {}

  /** All objects whose keys begin so, in the keys' order. */
  List<Listed> list(String prefix) throws IOException {
    try {
      List<Listed> found = new ArrayList<>();
      s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
          .contents()
          .forEach(
              object -> found.add(new Listed(object.key(), object.size(), object.lastModified())));
      return found;
    } catch (SdkException e) {
      throw trouble(prefix, e);
    }
  }

  /** What follows a prefix, up to the next slash: the folders in it, in their order. */
  List<String> folders(String prefix) throws IOException {
    try {
      List<String> folders = new ArrayList<>();
      s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix).delimiter("/"))
          .commonPrefixes()
          .forEach(common ->
              folders.add(
                  common.prefix().substring(prefix.length(), common.prefix().length() - 1)));
      return folders;
    } catch (SdkException e) {
      throw trouble(prefix, e);
    }
  }

  /** Nothing happens where there is none. */
  void delete(String key) throws IOException {
    try {
      s3.deleteObject(request -> request.bucket(bucket).key(key));
    } catch (SdkException e) {
      throw trouble(key, e);
    }
  }

  private IOException trouble(String key, SdkException cause) {
    String said = String.valueOf(cause.getMessage());
    String trouble =
        said.startsWith("Unable to load credentials")
            ? "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
                + " AWS_PROFILE"
            : said;
    return new IOException("s3://" + bucket + "/" + key + ": " + trouble, cause);
  }
}
