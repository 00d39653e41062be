package io.tierwise.bench.plot;

/** The page around curves and their tables. */
public final class Page {
  private Page() {}

  /**
   * @param title plain text
   * @param introduction plain text, below the title
   * @param body HTML
   */
  public static String html(String title, String introduction, String body) {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>
    :root { color-scheme: light dark; --ink: #1d2733; --paper: #fff; --line: #c9d1da;
      --front: #0b6e4f; --other: #8a97a5; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --paper: #14191f;
      --line: #3a4550; --front: #4fd1a1; --other: #7d8b99; } }
    body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
      max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
    h1 { font-size: 1.5rem; margin-bottom: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 2rem 0 0; }
    svg { width: 100%%; height: auto; }
    svg text { font-size: 12px; fill: var(--ink); }
    .axis { stroke: var(--line); fill: none; }
    .point { fill: var(--front); }
    .spread { stroke: var(--front); }
    path.curve { fill: none; stroke: var(--front); stroke-width: 2; }
    .level { stroke: var(--other); stroke-dasharray: 4 3; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%%; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line);
      white-space: nowrap; }
    @media print { body { margin: 0; } }
    </style></head><body>
    <h1>%1$s</h1>
    <p>%2$s</p>
    %3$s</body></html>
    """
        .formatted(escaped(title), escaped(introduction), body);
  }

  public static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
