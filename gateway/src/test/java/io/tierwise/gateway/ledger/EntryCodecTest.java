package io.tierwise.gateway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.SampleEntries;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
  @Test
  void writesAnEntryThatAnyoneCanRead() {
    assertEquals(
        """
        {"format":1,"requestId":"r1","at":"2026-03-02T12:00:00.123456789Z","tenant":"globex",\
        "task":"triage","purpose":"serve","answeredBy":"student","version":"a1b2c3",\
        "certificate":"cert-1","lines":[{"tier":"student","verdict":"accepted","confidence":0.97,\
        "requests":1,"inputTokens":0,"cachedInputTokens":0,"outputTokens":0,"computeNanos":9000,\
        "cost":"0.00000003","latencyNanos":9001}],"cost":"0.00000003","counterfactual":"0.0019",\
        "counterfactualEstimated":true,"bytes":80,"audited":false,"degraded":false,\
        "latencyNanos":15000}\
        """,
        new String(EntryCodec.encode(SampleEntries.cheap("r1")), UTF_8));
  }

  @Property(tries = 300)
  void losesNothingOfAnyEntry(@ForAll("entries") LedgerEntry entry) {
    assertEquals(entry, EntryCodec.decode(EntryCodec.encode(entry)));
  }

  @Provide
  Arbitrary<LedgerEntry> entries() {
    Arbitrary<String> text =
        Arbitraries.strings().ofMaxLength(20).filter(value -> UTF_8.newEncoder().canEncode(value));
    Arbitrary<Duration> duration =
        Arbitraries.longs().between(0, Long.MAX_VALUE).map(Duration::ofNanos);
    Arbitrary<Instant> at =
        Combinators.combine(
                Arbitraries.longs().between(0, 4_102_444_800L),
                Arbitraries.integers().between(0, 999_999_999))
            .as(Instant::ofEpochSecond);
    return Combinators.combine(
            text,
            at,
            Arbitraries.of(LedgerEntry.Purpose.class),
            Arbitraries.of(TierName.class).injectNull(0.2),
            text.injectNull(0.3),
            lines(duration).list().ofMaxSize(3),
            money().list().ofSize(2),
            duration)
        .as((id, moment, purpose, tier, optional, lines, amounts, latency) ->
            new LedgerEntry(
                id,
                moment,
                "acme",
                "triage",
                purpose,
                tier,
                optional,
                optional,
                optional,
                lines,
                amounts.get(0),
                amounts.get(1),
                lines.size() > 1,
                id.length(),
                lines.isEmpty(),
                tier == null,
                latency));
  }

  private static Arbitrary<LedgerEntry.Line> lines(Arbitrary<Duration> duration) {
    Arbitrary<Usage> usage =
        Combinators.combine(
                Arbitraries.integers().between(0, Integer.MAX_VALUE),
                Arbitraries.longs().between(0, Long.MAX_VALUE),
                duration)
            .as((requests, tokens, compute) ->
                new Usage(requests, tokens, tokens / 2, tokens, compute, tokens % 2 == 0));
    return Combinators.combine(
            Arbitraries.of(TierName.class),
            Arbitraries.of(Verdict.class),
            Arbitraries.doubles().between(0, 1).ofScale(17).injectNull(0.2),
            usage,
            money(),
            duration,
            Arbitraries.of(false, true))
        .as(LedgerEntry.Line::new);
  }

  private static Arbitrary<Money> money() {
    return Combinators.combine(Arbitraries.bigIntegers(), Arbitraries.integers().between(-5, 60))
        .as((digits, scale) -> new Money(new BigDecimal(digits, scale)));
  }
}
