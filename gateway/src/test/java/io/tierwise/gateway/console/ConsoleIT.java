package io.tierwise.gateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.gateway.report.HtmlReport;
import io.tierwise.gateway.report.LedgerReport;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console and the HTML report in a real browser: the machine's own Chromium. */
class ConsoleIT {
  private static final List<Path> CHROMIUM =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));

  @TempDir private static Path folder;
  private static Playwright playwright;
  private static Browser browser;
  private static RunningGateway running;
  private static String admin;

  private final List<String> complaints = new ArrayList<>();
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void start() {
    Path chromium = CHROMIUM.stream().filter(Files::isExecutable).findFirst().orElse(null);
    assumeTrue(chromium != null, "there is no Chromium here: apt-get install chromium");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(List.of("--no-sandbox")));
    running =
        new RunningGateway(
            folder, Setup.USUAL.auditRate(0.5).budgets(RunningGateway.daily("default", "5")));
    try (Database database = Database.open(running.data)) {
      admin =
          new KeyStore(database, running.clock, new SecureRandom()).addAdmin("test").secretKey();
    }
    for (int i = 0; i < 12; i++) {
      running.ask("where is my parcel " + i % 8);
    }
    running.post("{\"model\": \"support\"}");
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
      browser.close();
      playwright.close();
    }
  }

  @BeforeEach
  void open() {
    page(1280, ColorScheme.LIGHT);
  }

  private void page(int width, ColorScheme scheme) {
    context =
        browser.newContext(
            new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme));
    // Before the page's own scripts, and not held to its policy.
    context.addInitScript(
        "window.violations = [];"
            + "document.addEventListener('securitypolicyviolation',"
            + " e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));");
    page = context.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        complaints.add(message.text());
      }
    });
    page.onPageError(complaints::add);
  }

  @AfterEach
  void nothingWasComplainedOf() {
    if (context != null) {
      assertEquals(List.of(), complaints);
      context.close();
    }
  }

  private void enter() {
    page.navigate(running.url() + "/console");
    page.keyboard().type(admin);
    page.keyboard().press("Enter");
    page.waitForSelector("#contracts");
  }

  private static CostReport.Row ledger() {
    return CostReport.of(List.of(Dimension.TASK), running.ledger().stream()).total();
  }

  private Locator tile(String name) {
    return page.locator(".tiles li:has(h3:text-is('" + name + "'))");
  }

  /** The amount in full, and as it is shown. */
  private static void assertAmount(Money expected, Locator shown) {
    assertEquals(expected, Money.of(shown.getAttribute("value")));
    String text = shown.textContent().replace("$", "").replace(",", "");
    int decimals = text.length() - text.indexOf('.') - 1;
    assertTrue(decimals >= 2, text);
    assertEquals(expected.rounded(decimals), text);
  }

  @Test
  void itsFiguresAreTheLedgersInFullAndToTheCent() {
    enter();
    CostReport.Row total = ledger();
    assertEquals(12, total.requests());
    assertAmount(total.spent(), tile("Spent").locator(".figure data"));
    assertAmount(total.saved(), tile("Saved").locator(".figure data"));
    assertEquals("12", tile("Requests").locator(".figure").textContent());

    page.locator("#costs-table summary").click();
    Locator cells = page.locator("#costs-table tbody tr").first().locator("data");
    assertAmount(total.cost(), cells.nth(0));
    assertAmount(total.auditCost(), cells.nth(1));
    assertAmount(total.counterfactual(), cells.nth(2));
    assertAmount(total.saved(), cells.nth(3));
    Locator task = page.locator("#tasks tbody tr").first().locator("data");
    assertAmount(total.spent(), task.nth(0));
    assertAmount(total.counterfactual(), task.nth(1));

    running.ask("one more while it is looked at");
    page.waitForCondition(
        () -> tile("Requests").locator(".figure").textContent().equals("13"),
        new Page.WaitForConditionOptions().setTimeout(15_000));
    assertAmount(ledger().spent(), tile("Spent").locator(".figure data"));
  }

  @Test
  void noLabelOfAnAmountIsCut() {
    // The page keeps its charts to itself.
    context.addInitScript(
        "let kept; Object.defineProperty(window, 'uPlot', {get: () => kept, set: (given) => {"
            + " kept = new Proxy(given, {construct: (target, how) => {"
            + " const chart = Reflect.construct(target, how);"
            + " (window.charts ||= []).push(chart); return chart; }}); }});");
    // A tenth of what was paid has a digit more.
    page.route(
        "**/v1/console/overview/**",
        route -> {
          APIResponse overview = route.fetch();
          route.fulfill(
              new Route.FulfillOptions()
                  .setResponse(overview)
                  .setBody(overview.text().replace("\"usd\":\"0.", "\"usd\":\"0.0")));
        });
    enter();
    page.waitForSelector("#costs canvas");
    assertEquals(
        List.of(),
        page.evaluate(
            "window.charts.flatMap((chart) => {"
                + " const axis = chart.axes[1];"
                + " chart.ctx.font = axis.font[0];"
                + " const room = axis._size - axis.ticks.size - axis.gap;"
                + " return axis._values.filter((label) =>"
                + "   chart.ctx.measureText(label).width / devicePixelRatio > room); })"));
    assertEquals(true, page.evaluate("window.charts.length >= 2"));
  }

  @Test
  void aDecisionHasEveryAttemptWithItsCostAndItsReason() {
    enter();
    for (LedgerEntry entry : running.ledger().subList(0, 3)) {
      page.fill("#request-id", entry.requestId());
      page.locator("#request-id").press("Enter");
      page.waitForSelector("p.mono:text-is('" + entry.requestId() + "')");
      LedgerEntry served =
          running.ledger().stream()
              .filter(each -> each.requestId().equals(entry.requestId()))
              .filter(each -> each.purpose() == LedgerEntry.Purpose.SERVE)
              .findFirst()
              .orElseThrow();
      Locator rows = page.locator("table").first().locator("tbody tr");
      assertEquals(served.lines().size(), rows.count());
      for (int i = 0; i < served.lines().size(); i++) {
        assertEquals(served.lines().get(i).tier().text(), rows.nth(i).locator("th").textContent());
        assertAmount(served.lines().get(i).cost(), rows.nth(i).locator("data"));
        assertFalse(rows.nth(i).locator("td.wrap").textContent().isBlank());
      }
      page.goBack();
      page.waitForSelector("#contracts");
    }
  }

  @Test
  void aWrongKeyAndACallersKeyGetAWordAndAnUnknownRequestToo() {
    page.navigate(running.url() + "/console");
    page.fill("#key", "tw_nobody");
    page.keyboard().press("Enter");
    page.waitForSelector(".error:text-is('That key is unknown or revoked.')");
    page.fill("#key", running.key());
    page.keyboard().press("Enter");
    page.waitForSelector(".error:has-text('keys add --admin')");
    assertEquals(0, page.locator("#contracts").count());
    page.fill("#key", admin);
    page.keyboard().press("Enter");
    page.waitForSelector("#contracts");
    page.fill("#request-id", "0197e1c2-0000-7000-8000-000000000000");
    page.locator("#request-id").press("Enter");
    page.waitForSelector(".error:has-text('The ledger has no request')");
    // The browser itself writes down each answer that is no success.
    assertEquals(3, complaints.size(), complaints.toString());
    assertTrue(complaints.stream().allMatch(each -> each.startsWith("Failed to load resource")));
    complaints.clear();
  }

  @Test
  void everythingIsReachedByKeyboardAndSeenToBe() {
    enter();
    page.reload();
    page.waitForSelector("#contracts");
    List<String> reached = new ArrayList<>();
    for (int i = 0; i < 60 && !reached.contains("Why?"); i++) {
      page.keyboard().press("Tab");
      reached.add(
          (String)
              page.evaluate(
                  "document.activeElement.textContent.trim().slice(0, 30)"
                      + " || document.activeElement.id"));
      assertEquals(
          "solid",
          page.evaluate("getComputedStyle(document.activeElement).outlineStyle"),
          reached.getLast());
    }
    assertTrue(
        reached.containsAll(
            List.of("Contracts", "48 h", "Sign out", "As a table", "p95", "request-id", "Why?")),
        reached.toString());
    page.keyboard().press("Tab");
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    page.waitForSelector("#why");
    assertEquals("main", page.evaluate("document.activeElement.id"));
  }

  @Test
  void runsNoScriptThatIsNotItsOwnAndStaysWithinAPhonesWidth() {
    context.close();
    page(375, ColorScheme.DARK);
    enter();
    assertEquals(List.of(), page.evaluate("window.violations"));
    assertEquals(375, page.evaluate("document.documentElement.scrollWidth"));
    assertEquals(
        "rgb(17, 22, 29)", page.evaluate("getComputedStyle(document.body).backgroundColor"));
    page.evaluate(
        "const s = document.createElement('script');"
            + "s.textContent = 'window.injected = 1'; document.body.append(s)");
    assertEquals(true, page.evaluate("window.injected === undefined"));
    assertTrue(complaints.removeIf(each -> each.contains("Content Security Policy")));
  }

  @Test
  void noTableOfItsArtifactsIsCutAtTheUsualWidth(@TempDir Path other) throws IOException {
    try (RunningGateway fresh = new RunningGateway(other, Setup.USUAL);
        Database database = Database.open(fresh.data)) {
      DirectoryRegistry registry =
          new DirectoryRegistry(fresh.data.resolve("registry"), fresh.clock);
      for (int i = 1; i <= 3; i++) {
        ArtifactWriter.Draft draft =
            new ArtifactWriter.Draft(
                "support",
                Shape.BAG,
                BagFeaturizer.VERSION,
                List.of("refund", "delivery", "other"),
                new Calibration.Temperature(1),
                Map.of("tuningAgreement", 0.9375 + i / 100.0, "tuningEce", 0.01),
                new Lineage("calibrate", Map.of(), List.of(), "", i, "1"),
                fresh.clock.instant());
        Path folder = other.resolve("artifact-" + i);
        ArtifactWriter.write(folder, draft, Map.of(ArtifactFiles.MODEL, new byte[] {(byte) i}));
        String version = registry.publish(folder).manifest().version();
        String reason = "stood its trial: 0 of 40 audits lost under " + version;
        registry.point("support", Registry.CANARY, version, "on trial: certified in test " + i);
        registry.point("support", Registry.LIVE, version, reason);
      }
      String key =
          new KeyStore(database, fresh.clock, new SecureRandom()).addAdmin("test").secretKey();
      fresh.ask("where is my parcel");
      page.navigate(fresh.url() + "/console");
      page.fill("#key", key);
      page.keyboard().press("Enter");
      page.waitForSelector("#artifacts table");
      // The versions, the promotions, and the folded table of the front.
      assertEquals(3, page.locator("#artifacts .scroll").count());
      assertEquals(
          List.of(),
          page.evaluate(
              "[...document.querySelectorAll('#artifacts .scroll')]"
                  + ".filter(each => each.scrollWidth > each.clientWidth)"
                  + ".map(each => each.ariaLabel)"));
    }
  }

  @Test
  void itSaysWhatToDoWhereNothingWasAskedYet(@TempDir Path empty) {
    try (RunningGateway fresh = new RunningGateway(empty, Setup.USUAL);
        Database database = Database.open(fresh.data)) {
      String key =
          new KeyStore(database, fresh.clock, new SecureRandom()).addAdmin("test").secretKey();
      page.navigate(fresh.url() + "/console");
      page.fill("#key", key);
      page.keyboard().press("Enter");
      page.waitForSelector("h2:text-is('Nothing has been asked yet')");
      assertTrue(page.textContent("#begin").contains("./tierwise distill cycle --task support"));
      assertEquals("observe", page.locator("#contracts .badge").textContent());
    }
  }

  @Test
  void theReportsFiguresAreTheLedgers() {
    LedgerReport report;
    try (Stream<LedgerEntry> entries = running.ledger().stream()) {
      report = LedgerReport.of(List.of(Dimension.TIER), DayRange.ALL, entries);
    }
    page.setContent(HtmlReport.of(report));
    CostReport.Row total = report.costs().total();
    assertEquals(
        "$" + total.spent().rounded(6),
        page.textContent(".tiles div:has(h2:text-is('Spent')) .figure"));
    String saved = page.textContent(".tiles div:has(h2:text-is('Saved')) .figure");
    assertEquals(total.saved().rounded(6), saved.replace("$", ""));
    Locator last = page.locator("tr.total td");
    assertTrue(last.allTextContents().contains("$" + total.cost().rounded(6)));
    assertTrue(last.allTextContents().contains("$" + total.counterfactual().rounded(6)));
    assertEquals(2, page.locator("svg[role=img]").count());
  }
}
