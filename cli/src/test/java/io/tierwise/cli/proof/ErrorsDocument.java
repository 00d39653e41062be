package io.tierwise.cli.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The tables of docs/errors.md, each between two marks. A test that makes a table compares it with
 * the document's; with {@code -Dtierwise.write-documents=true} it replaces the document's instead.
 */
final class ErrorsDocument {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final Path FILE = HOME.resolve("docs/errors.md");

  private ErrorsDocument() {}

  static void holds(String name, List<String> lines) throws IOException {
    String table = String.join("\n", lines) + "\n";
    Path copy = HOME.resolve("cli/target/" + name + ".md");
    Files.createDirectories(copy.resolveSibling(""));
    Files.writeString(copy, table);
    String document = Files.readString(FILE);
    String begin = "<!-- " + name + " -->\n";
    int start = document.indexOf(begin) + begin.length();
    int end = document.indexOf("<!-- end -->", start);
    if (Boolean.getBoolean("tierwise.write-documents")) {
      Files.writeString(FILE, document.substring(0, start) + table + document.substring(end));
    } else {
      assertEquals(document.substring(start, end), table);
    }
  }

  /** Text as a cell of a table: one line, no bars, what cannot be seen spelt out. */
  static String cell(String text) {
    StringBuilder cell = new StringBuilder();
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '|' -> cell.append("\\|");
            case '\n' -> cell.append("⏎");
            case '\r' -> cell.append("␍");
            case 0 -> cell.append("␀");
            case 0xFEFF -> cell.append("<BOM>");
            default -> cell.appendCodePoint(point);
          }
        });
    return cell.toString();
  }

  static String code(String text) {
    String cell = cell(text);
    String fence = cell.contains("`") ? "``" : "`";
    String pad = fence.length() > 1 ? " " : "";
    return cell.isEmpty() ? "" : fence + pad + cell + pad + fence;
  }
}
