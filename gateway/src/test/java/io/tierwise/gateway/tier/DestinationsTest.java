package io.tierwise.gateway.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "fd00:ec2::254",
        "fe80::1",
        "100.100.100.200",
        "0.0.0.0",
        "::",
        "::ffff:169.254.169.254"
      })
  void refusesWhereCloudsKeepCredentials(String address) throws UnknownHostException {
    assertFalse(Destinations.USUAL.allows(InetAddress.getByName(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "8.8.8.8", "169.253.255.255", "fd00:ec2::253"})
  void allowsAllElseByDefault(String address) throws UnknownHostException {
    assertTrue(Destinations.USUAL.allows(InetAddress.getByName(address)));
  }

  @Test
  void allowsWhatIsListedAloneOnceAnythingIs() throws UnknownHostException {
    Destinations some = Destinations.of(List.of("10.20.0.0/14", "169.254.10.1", "fd00::/8"));
    assertTrue(some.allows(InetAddress.getByName("10.23.255.255")));
    assertFalse(some.allows(InetAddress.getByName("10.24.0.0")));
    assertTrue(some.allows(InetAddress.getByName("169.254.10.1")));
    assertFalse(some.allows(InetAddress.getByName("169.254.10.2")));
    assertTrue(some.allows(InetAddress.getByName("fd12::1")));
    assertFalse(some.allows(InetAddress.getLoopbackAddress()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "fd00::/129", "1/"})
  void refusesWhatIsNoBlock(String text) {
    assertThrows(InvalidValueException.class, () -> Destinations.of(List.of(text)));
  }

  @Test
  void noConnectionIsMadeToWhatANameMeansAndMayNot() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream()) {
      URI named = URI.create(upstream.url().replace("127.0.0.1", "localhost") + "/v1");
      byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
      Duration limit = Duration.ofSeconds(10);
      try (UpstreamCalls refused =
              new PlainCalls(named, limit, Destinations.of(List.of("10.0.0.0/8")));
          UpstreamCalls allowed =
              new PlainCalls(named, limit, Destinations.of(List.of("127.0.0.0/8", "::1")));
          UpstreamCalls client =
              new ClientCalls(named, limit, Destinations.of(List.of("10.0.0.0/8")))) {
        IOException plain =
            assertThrows(IOException.class, () -> refused.post(body, Map.of(), limit));
        assertTrue(
            plain
                .getMessage()
                .endsWith(" is no address that upstreams may have: see trust.addresses"),
            plain.getMessage());
        assertThrows(IOException.class, () -> client.post(body, Map.of(), limit));
        assertEquals(List.of(), upstream.calls());
        assertEquals(200, allowed.post(body, Map.of(), limit).status());
      }
    }
  }
}
