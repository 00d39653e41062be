package io.tierwise.aws.region;

import io.tierwise.router.InvalidValueException;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** The region that this process's environment names. */
public final class Regions {
  private Regions() {}

  /**
   * @param endpoint what stands in for a service needs none, and gets any
   * @param whose for the message
   * @throws InvalidValueException where none is named and one is needed
   */
  public static Region of(Optional<URI> endpoint, String whose) {
    try {
      return new DefaultAwsRegionProviderChain().getRegion();
    } catch (SdkClientException e) {
      if (endpoint.isEmpty()) {
        throw new InvalidValueException(
            "AWS_REGION", "it is not set", "set it to the region of " + whose);
      }
      return Region.US_EAST_1;
    }
  }
}
