package io.tierwise.gateway.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The ledger's entries as OpenTelemetry's spans of generative AI (semantic conventions 1.37): one
 * for each request or audit, and below it one for each tier that was tried. They are made of the
 * entry alone, so they hold figures and no text, and are sent in the background over OTLP/HTTP;
 * where the collector does not keep up or is away, spans are dropped and requests go on.
 *
 * <p>An entry says when a request ended and how long each attempt took, one after the other; a
 * span's begin is reckoned from these. A caller's own trace is not joined.
 */
public final class GenAiSpans implements Consumer<LedgerEntry>, AutoCloseable {
  private static final String SCOPE = "io.tierwise";
  private static final String TRACES = "/v1/traces";
  private static final String OPERATION = "chat";

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private GenAiSpans(SdkTracerProvider provider) {
    this.provider = provider;
    this.tracer = provider.get(SCOPE);
  }

  /**
   * @param collector its address without {@code /v1/traces}
   */
  public static GenAiSpans to(URI collector) {
    String base = collector.toString();
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(
                (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + TRACES)
            .build();
    return new GenAiSpans(
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(Attributes.builder().put("service.name", "tierwise").build()))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build());
  }

  @Override
  public void accept(LedgerEntry entry) {
    long end = nanos(entry.at());
    long begin = end - entry.latency().toNanos();
    Span whole = whole(entry, begin);
    for (LedgerEntry.Line line : entry.lines()) {
      long attemptEnd = begin + line.latency().toNanos();
      attempt(entry, line, Context.root().with(whole), begin).end(attemptEnd, TimeUnit.NANOSECONDS);
      begin = attemptEnd;
    }
    whole.end(end, TimeUnit.NANOSECONDS);
  }

  private Span whole(LedgerEntry entry, long begin) {
    AttributesBuilder attributes = Attributes.builder();
    model(attributes, entry);
    usage(
        attributes,
        entry.lines().stream().map(LedgerEntry.Line::usage).reduce(Usage::plus).orElse(Usage.NONE));
    attributes.put("gen_ai.response.id", entry.requestId());
    attributes.put("tierwise.tenant", entry.tenant());
    attributes.put("tierwise.purpose", entry.purpose().name().toLowerCase(Locale.ROOT));
    attributes.put("tierwise.cost_usd", entry.cost().usd().doubleValue());
    attributes.put("tierwise.counterfactual_usd", entry.counterfactual().usd().doubleValue());
    attributes.put("tierwise.audited", entry.audited());
    attributes.put("tierwise.degraded", entry.degraded());
    if (entry.certificate() != null) {
      attributes.put("tierwise.certificate", entry.certificate());
    }
    TierName tier = entry.answeredBy();
    if (tier != null) {
      attributes.put("tierwise.tier", tier.text());
      entry.lines().stream()
          .filter(line -> line.tier() == tier && line.confidence() != null)
          .forEach(line -> confidence(attributes, line));
    }
    Span span =
        span(OPERATION + " " + entry.task(), SpanKind.SERVER, attributes, begin).startSpan();
    if (entry.refusal() != null) {
      span.setAttribute("error.type", entry.refusal());
      span.setStatus(StatusCode.ERROR);
    }
    return span;
  }

  private Span attempt(LedgerEntry entry, LedgerEntry.Line line, Context parent, long begin) {
    AttributesBuilder attributes = Attributes.builder();
    attributes.put("tierwise.tier", line.tier().text());
    attributes.put(
        "tierwise.verdict", line.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    attributes.put("tierwise.cost_usd", line.cost().usd().doubleValue());
    confidence(attributes, line);
    boolean large = line.tier() == TierName.LARGE;
    if (large) {
      model(attributes, entry);
      usage(attributes, line.usage());
    }
    return span(line.tier().text(), large ? SpanKind.CLIENT : SpanKind.INTERNAL, attributes, begin)
        .setParent(parent)
        .startSpan();
  }

  private SpanBuilder span(String name, SpanKind kind, AttributesBuilder attributes, long begin) {
    return tracer
        .spanBuilder(name)
        .setNoParent()
        .setSpanKind(kind)
        .setStartTimestamp(begin, TimeUnit.NANOSECONDS)
        .setAllAttributes(attributes.build());
  }

  private static void model(AttributesBuilder attributes, LedgerEntry entry) {
    attributes.put("gen_ai.operation.name", OPERATION);
    attributes.put("gen_ai.provider.name", "tierwise");
    attributes.put("gen_ai.request.model", entry.task());
    if (entry.version() != null) {
      attributes.put("gen_ai.response.model", entry.version());
    }
  }

  private static void usage(AttributesBuilder attributes, Usage usage) {
    attributes.put("gen_ai.usage.input_tokens", usage.inputTokens());
    attributes.put("gen_ai.usage.output_tokens", usage.outputTokens());
  }

  private static void confidence(AttributesBuilder attributes, LedgerEntry.Line line) {
    Double confidence = line.confidence();
    if (confidence != null) {
      attributes.put("tierwise.confidence", confidence);
    }
  }

  private static long nanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }

  /** Sends what is waiting, for a few seconds at most. */
  @Override
  public void close() {
    provider.close();
  }
}
