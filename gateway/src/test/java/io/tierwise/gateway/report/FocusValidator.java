package io.tierwise.gateway.report;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules of the FinOps Open Cost and Usage Specification 1.2 (focus.finops.org) that a usage
 * dataset can break: columns by feature level, types and formats, allowed values, nullability, and
 * what columns say about each other.
 */
final class FocusValidator {
  private static final Set<String> MANDATORY =
      Set.of(
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargeClass",
          "ChargeDescription",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceIssuerName",
          "ListCost",
          "PricingQuantity",
          "PricingUnit",
          "ProviderName",
          "PublisherName",
          "ServiceCategory",
          "ServiceName");
  private static final Set<String> OTHERS =
      Set.of(
          "AvailabilityZone",
          "BillingAccountType",
          "ChargeFrequency",
          "ConsumedQuantity",
          "ConsumedUnit",
          "ContractedUnitPrice",
          "InvoiceId",
          "ListUnitPrice",
          "PricingCategory",
          "RegionId",
          "RegionName",
          "ResourceId",
          "ResourceName",
          "ResourceType",
          "ServiceSubcategory",
          "SkuId",
          "SkuMeter",
          "SkuPriceDetails",
          "SkuPriceId",
          "SubAccountId",
          "SubAccountName",
          "SubAccountType",
          "Tags");
  private static final Set<String> NULLABLE =
      Set.of("BillingAccountName", "ChargeClass", "SubAccountId", "SubAccountName");
  private static final Set<String> COSTS =
      Set.of("BilledCost", "ContractedCost", "EffectiveCost", "ListCost");
  private static final Set<String> DECIMALS =
      Set.of(
          "BilledCost",
          "ContractedCost",
          "EffectiveCost",
          "ListCost",
          "PricingQuantity",
          "ConsumedQuantity");
  private static final Set<String> TIMES =
      Set.of("BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart");
  private static final Set<String> AI_SUBCATEGORIES =
      Set.of(
          "AI Platforms",
          "Bots",
          "Generative AI",
          "Machine Learning",
          "Natural Language Processing",
          "Other (AI and Machine Learning)");

  /** No sign but a minus, no exponent, no grouping. */
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
  private static final Pattern UNIT = Pattern.compile("(\\d+ )?[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)?");
  private static final Pattern PASCAL = Pattern.compile("(x_)?([A-Z][a-z0-9]*)+");

  private final List<String> violations = new ArrayList<>();

  /** Every rule that the dataset breaks; none when it is valid. */
  static List<String> violations(List<List<String>> table) {
    FocusValidator validator = new FocusValidator();
    List<String> header = table.getFirst();
    validator.columns(header);
    for (int line = 1; line < table.size(); line++) {
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < header.size(); i++) {
        row.put(header.get(i), table.get(line).get(i));
      }
      validator.formats(line, row);
      if (validator.violations.isEmpty()) {
        validator.meanings(line, row);
      }
    }
    return validator.violations;
  }

  private void columns(List<String> header) {
    MANDATORY.stream()
        .filter(column -> !header.contains(column))
        .forEach(column -> violations.add(column + " MUST be present"));
    require(0, new HashSet<>(header).size() == header.size(), "a column is there twice");
    for (String column : header) {
      boolean known = MANDATORY.contains(column) || OTHERS.contains(column);
      require(0, known || column.startsWith("x_"), column + " MUST include the x_ prefix");
      require(0, PASCAL.matcher(column).matches(), column + " is not in Pascal case");
      require(0, column.length() <= 50, column + " is longer than 50 characters");
    }
    List<String> focus = header.stream().filter(column -> !column.startsWith("x_")).toList();
    List<String> custom = header.stream().filter(column -> column.startsWith("x_")).toList();
    List<String> ordered = new ArrayList<>(focus.stream().sorted().toList());
    ordered.addAll(custom.stream().sorted().toList());
    require(0, ordered.equals(header), "columns are not sorted, custom ones last");
  }

  private void formats(int line, Map<String, String> row) {
    row.forEach((column, value) -> {
      boolean empty = value.isEmpty();
      if (empty) {
        require(line, NULLABLE.contains(column), column + " MUST NOT be null");
      } else if (DECIMALS.contains(column)) {
        require(line, NUMBER.matcher(value).matches(), column + " '" + value + "' is no number");
      } else if (TIMES.contains(column)) {
        require(line, isTime(value), column + " '" + value + "' is no UTC time");
      } else if (column.endsWith("Unit")) {
        require(line, UNIT.matcher(value).matches(), column + " '" + value + "' is no unit");
      }
    });
  }

  private void meanings(int line, Map<String, String> row) {
    require(line, row.get("ChargeCategory").equals("Usage"), "ChargeCategory is not Usage");
    require(line, row.get("ChargeClass").isEmpty(), "ChargeClass MUST be null unless corrected");
    require(
        line,
        Set.of("One-Time", "Recurring", "Usage-Based").contains(row.get("ChargeFrequency")),
        "ChargeFrequency is not an allowed value");
    require(
        line,
        row.get("ServiceCategory").equals("AI and Machine Learning")
            && AI_SUBCATEGORIES.contains(row.get("ServiceSubcategory")),
        "ServiceSubcategory is not one of its ServiceCategory");
    require(line, row.get("BillingCurrency").matches("[A-Z]{3}"), "BillingCurrency is no ISO code");
    require(
        line,
        row.get("SubAccountId").isEmpty() == row.get("SubAccountName").isEmpty(),
        "SubAccountName MUST be null exactly when SubAccountId is");
    require(
        line,
        row.containsKey("ConsumedQuantity") == row.containsKey("ConsumedUnit"),
        "ConsumedUnit goes with ConsumedQuantity");
    // Without discounts, amortization or negotiated prices all four are one amount.
    require(
        line,
        COSTS.stream().map(row::get).map(BigDecimal::new).distinct().count() == 1,
        "costs differ although nothing is discounted");
    periods(line, row);
  }

  private void periods(int line, Map<String, String> row) {
    Instant billingStart = Instant.parse(row.get("BillingPeriodStart"));
    Instant billingEnd = Instant.parse(row.get("BillingPeriodEnd"));
    Instant start = Instant.parse(row.get("ChargePeriodStart"));
    Instant end = Instant.parse(row.get("ChargePeriodEnd"));
    require(line, billingStart.isBefore(billingEnd), "the billing period is empty");
    require(line, start.isBefore(end), "the charge period is empty");
    require(
        line,
        !start.isBefore(billingStart) && !end.isAfter(billingEnd),
        "the charge period is not within the billing period");
  }

  private static boolean isTime(String value) {
    if (!TIME.matcher(value).matches()) {
      return false;
    }
    try {
      Instant.parse(value);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private void require(int line, boolean holds, String violation) {
    if (!holds) {
      violations.add("line " + line + ": " + violation);
    }
  }
}
