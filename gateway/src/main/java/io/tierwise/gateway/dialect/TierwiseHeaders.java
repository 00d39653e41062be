package io.tierwise.gateway.dialect;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The headers by which every dialect tells how a request was answered. Amounts are US dollars with
 * all digits; confidences and thresholds are in [0, 1].
 */
public final class TierwiseHeaders {
  public static final String REQUEST_ID = "x-tierwise-request-id";
  public static final String TIER = "x-tierwise-tier";
  public static final String CONFIDENCE = "x-tierwise-confidence";
  public static final String THRESHOLD = "x-tierwise-threshold";
  public static final String CERTIFICATE = "x-tierwise-certificate";
  public static final String ARTIFACT = "x-tierwise-artifact";
  public static final String COST = "x-tierwise-cost-usd";
  public static final String SAVED = "x-tierwise-saved-usd";
  public static final String DEGRADED = "x-tierwise-degraded";

  /** The request header with which a caller chooses the tiers that may answer. */
  public static final String POLICY = "x-tierwise-policy";

  private TierwiseHeaders() {}

  /** Headers that do not apply are absent: no threshold where no gate was asked. */
  public static Map<String, String> of(InferenceRequest request, Decision decision) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(REQUEST_ID, request.context().id());
    Receipt receipt = decision.receipt();
    switch (decision) {
      case Decision.Answered answered -> describe(answered, headers);
      case Decision.Refused refused -> {}
    }
    headers.put(COST, receipt.cost().toString());
    headers.put(SAVED, receipt.saved().toString());
    return headers;
  }

  /**
   * Several requests that came as one: what they cost and saved together, and whether any degraded.
   */
  static Map<String, String> ofAll(String requestId, Collection<? extends Decision> decisions) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(REQUEST_ID, requestId);
    Money cost = Money.ZERO;
    Money saved = Money.ZERO;
    boolean degraded = false;
    for (Decision decision : decisions) {
      cost = cost.plus(decision.receipt().cost());
      saved = saved.plus(decision.receipt().saved());
      degraded |= decision instanceof Decision.Answered answered && answered.degraded();
    }
    headers.put(COST, cost.toString());
    headers.put(SAVED, saved.toString());
    headers.put(DEGRADED, Boolean.toString(degraded));
    return headers;
  }

  private static void describe(Decision.Answered answered, Map<String, String> headers) {
    headers.put(TIER, answered.tier().text());
    headers.put(CONFIDENCE, plain(answered.confidence()));
    var threshold = answered.threshold();
    if (threshold != null) {
      headers.put(THRESHOLD, plain(threshold));
    }
    var certificate = answered.certificate();
    if (certificate != null) {
      headers.put(CERTIFICATE, certificate);
    }
    if (answered.tier().student()) {
      headers.put(ARTIFACT, answered.version());
    }
    headers.put(DEGRADED, Boolean.toString(answered.degraded()));
  }

  private static String plain(Confidence confidence) {
    return BigDecimal.valueOf(confidence.value()).toPlainString();
  }
}
