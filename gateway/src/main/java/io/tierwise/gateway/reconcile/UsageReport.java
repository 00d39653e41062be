package io.tierwise.gateway.reconcile;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Reads a Cost and Usage Report as CSV, plain or gzip, a line at a time: columns as the legacy
 * report names them ({@code lineItem/UsageStartDate}) or as CUR 2.0 does ({@code
 * line_item_usage_start_date}). Columns that are not needed may be there or not, in any order.
 *
 * <p>Strictly: whatever cannot be read is refused with file, line and column.
 */
final class UsageReport {
  private static final Pattern DECIMAL =
      Pattern.compile("-?\\d{1,18}(\\.\\d{1,18})?([eE]-?\\d{1,2})?");
  private static final String CURRENCY = "USD";

  /** The columns in question, by both names. */
  private enum Column {
    START("lineItem/UsageStartDate", "line_item_usage_start_date", true),
    END("lineItem/UsageEndDate", "line_item_usage_end_date", true),
    SERVICE("lineItem/ProductCode", "line_item_product_code", true),
    TYPE("lineItem/LineItemType", "line_item_line_item_type", true),
    COST("lineItem/UnblendedCost", "line_item_unblended_cost", true),
    RESOURCE("lineItem/ResourceId", "line_item_resource_id", false),
    DESCRIPTION("lineItem/LineItemDescription", "line_item_line_item_description", false),
    CURRENCY("lineItem/CurrencyCode", "line_item_currency_code", false),
    PUBLIC("pricing/publicOnDemandCost", "pricing_public_on_demand_cost", false);

    private final String legacy;
    private final String second;
    private final boolean required;

    Column(String legacy, String second, boolean required) {
      this.legacy = legacy;
      this.second = second;
      this.required = required;
    }

    boolean named(String name) {
      return name.equals(legacy) || name.equals(second);
    }
  }

  private final Path file;
  private final Map<Column, Integer> places = new HashMap<>();
  private List<String> header = List.of();

  private UsageReport(Path file) {
    this.file = file;
  }

  /**
   * Hands over every line item, in the file's order.
   *
   * @throws InvalidValueException when the file is no such report, naming line and column
   */
  static void read(Path file, Consumer<BillLine> lines) throws IOException {
    new UsageReport(file).readAll(lines);
  }

  private void readAll(Consumer<BillLine> lines) throws IOException {
    try (InputStream bytes = open();
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .detectBomHeader(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(bytes, StandardCharsets.UTF_8)) {
      for (CsvRecord record : csv) {
        if (header.isEmpty()) {
          header(record);
        } else {
          lines.accept(line(record));
        }
      }
    } catch (CsvParseException e) {
      throw new InvalidValueException(
          file.toString(), "it is no CSV: " + e.getMessage(), "export the report as CSV");
    }
    if (header.isEmpty()) {
      throw new InvalidValueException(
          file.toString(), "it is empty", "give a Cost and Usage Report as CSV, or CSV in gzip");
    }
  }

  private InputStream open() throws IOException {
    InputStream bytes = Files.newInputStream(file);
    if (!file.toString().endsWith(".gz")) {
      return bytes;
    }
    try {
      return new GZIPInputStream(bytes, 1 << 16);
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private void header(CsvRecord record) {
    header = new ArrayList<>(record.getFields());
    for (Column column : Column.values()) {
      for (int place = 0; place < header.size(); place++) {
        if (column.named(header.get(place)) && places.putIfAbsent(column, place) != null) {
          throw invalid(record, place, "it is there twice", "keep one of the two");
        }
      }
      if (column.required && !places.containsKey(column)) {
        throw new InvalidValueException(
            file + ":1",
            "there is no column " + column.legacy + " or " + column.second,
            "export the report with its line item columns");
      }
    }
  }

  private BillLine line(CsvRecord record) {
    if (record.getFieldCount() != header.size()) {
      throw new InvalidValueException(
          file + ":" + record.getStartingLineNumber(),
          "it has %d fields, and the header %d".formatted(record.getFieldCount(), header.size()),
          "export the report anew; it may have been cut short");
    }
    String currency = text(record, Column.CURRENCY).orElse(CURRENCY);
    if (!currency.equals(CURRENCY)) {
      throw invalid(record, Column.CURRENCY, "'" + currency + "' is not USD", "export it in USD");
    }
    Instant start = moment(record, Column.START);
    Instant end = moment(record, Column.END);
    if (!end.isAfter(start)) {
      throw invalid(record, Column.END, end + " is not after the start", "export the report anew");
    }
    BigDecimal cost = amount(record, Column.COST).orElse(BigDecimal.ZERO);
    return new BillLine(
        required(record, Column.SERVICE),
        text(record, Column.RESOURCE).orElse(""),
        required(record, Column.TYPE),
        text(record, Column.DESCRIPTION).orElse(""),
        start,
        end,
        new Money(cost),
        new Money(amount(record, Column.PUBLIC).orElse(cost)));
  }

  private Optional<String> text(CsvRecord record, Column column) {
    return Optional.ofNullable(places.get(column))
        .map(record::getField)
        .filter(value -> !value.isBlank());
  }

  private String required(CsvRecord record, Column column) {
    return text(record, column)
        .orElseThrow(() -> invalid(record, column, "it is empty", "export the report anew"));
  }

  private Optional<BigDecimal> amount(CsvRecord record, Column column) {
    return text(record, column)
        .map(value -> {
          if (!DECIMAL.matcher(value).matches()) {
            throw invalid(
                record, column, "'" + value + "' is no amount", "give a decimal such as 0.0021");
          }
          return new BigDecimal(value);
        });
  }

  /** {@code 2026-11-03T14:00:00Z}, or {@code 2026-11-03 14:00:00.000} as Athena writes it: UTC. */
  private Instant moment(CsvRecord record, Column column) {
    String value = required(record, column);
    try {
      return value.endsWith("Z")
          ? Instant.parse(value)
          : LocalDateTime.parse(value.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw invalid(
          record,
          column,
          "'" + value + "' is no moment",
          "give one in UTC such as 2026-11-03T14:00:00Z");
    }
  }

  private InvalidValueException invalid(
      CsvRecord record, Column column, String trouble, String fix) {
    return invalid(record, places.getOrDefault(column, 0), trouble, fix);
  }

  private InvalidValueException invalid(CsvRecord record, int place, String trouble, String fix) {
    return new InvalidValueException(
        "%s:%d: %s (column %d)"
            .formatted(file, record.getStartingLineNumber(), header.get(place), place + 1),
        trouble,
        fix);
  }
}
