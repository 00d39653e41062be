package io.tierwise.gateway.report;

/** Text as HTML has it. */
final class Html {
  private Html() {}

  /** The text, so that it is text wherever it is put, attributes included. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  static String element(String name, String style, String text) {
    String attribute = style.isEmpty() ? "" : " class=\"" + style + "\"";
    return "<" + name + attribute + ">" + escaped(text) + "</" + name + ">";
  }
}
