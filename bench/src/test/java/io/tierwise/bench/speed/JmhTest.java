package io.tierwise.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.policy.Decision;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JmhTest {
  @Test
  void theBuildMadeItsCodeForEveryBenchmark() throws IOException {
    try (InputStream list = getClass().getResourceAsStream("/META-INF/BenchmarkList")) {
      assertNotNull(list, "JMH's annotation processor did not run");
      String names = new String(list.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(names.contains(RouterBench.class.getName()), names);
      assertTrue(names.contains(StudentBench.class.getName()), names);
    }
  }

  @Test
  void theStudentAnswersWhatTheRouterIsTimedBy() {
    Decision decision = new RouterBench().decision();
    Decision.Answered answered = (Decision.Answered) decision;
    assertEquals(TierName.STUDENT, answered.tier());
    assertEquals(2, answered.receipt().attempts().size());
  }

  @Test
  void studentAndRuntimeWorkOnTheSameGraph() throws Exception {
    StudentBench bench = new StudentBench();
    try {
      float[][] raw = bench.raw();
      assertEquals(1, raw.length);
      assertEquals(BenchGateway.LABELS.size(), raw[0].length);
      int best = 0;
      for (int label = 1; label < raw[0].length; label++) {
        best = raw[0][label] > raw[0][best] ? label : best;
      }
      assertEquals(BenchGateway.LABELS.get(best), bench.student().label().value());
    } finally {
      bench.close();
    }
  }
}
