package io.tierwise.local.lambda;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HttpRouteTest {
  @Test
  void matchesByMethodAndSegments() {
    HttpRoute route = new HttpRoute("GET", "/v1/models/{name}", "gateway");

    assertTrue(route.matches("GET", "/v1/models/support"));
    assertFalse(route.matches("POST", "/v1/models/support"));
    assertFalse(route.matches("GET", "/v1/models"));
    assertFalse(route.matches("GET", "/v1/models/support/more"));
  }

  @Test
  void aGreedyParameterTakesAllThatIsLeft() {
    HttpRoute route = new HttpRoute("ANY", "/{proxy+}", "gateway");

    assertTrue(route.matches("POST", "/v1/chat/completions"));
    assertTrue(route.matches("DELETE", "/"));
  }
}
