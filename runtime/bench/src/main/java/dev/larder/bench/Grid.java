package dev.larder.bench;

import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table for people, on a terminal and on a page.
 *
 * @param title what it is about
 * @param headings one that starts with {@code >} makes its column flush right
 * @param rows each with as many cells as there are headings
 */
record Grid(String title, List<String> headings, List<List<String>> rows) {

  /** A table without rows yet. */
  Grid(String title, String... headings) {
    this(title, List.of(headings), new ArrayList<>());
  }

  /** One for what was seen beside what it should be. */
  static Grid ofBars(String title) {
    return new Grid(title, "WHAT", ">SEEN", ">BAR", "MET");
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** Adds what has to be this or that. */
  void bar(String what, String seen, String bar, boolean met) {
    row(what, seen, bar, met ? "yes" : "no");
  }

  /** Nanoseconds for people. */
  static String time(long nanos) {
    return Durations.format(nanos / 1e6);
  }

  /** Bytes a second for people. */
  static String rate(double bytesPerSecond) {
    return String.format(Locale.ROOT, "%.0f MB/s", bytesPerSecond / 1e6);
  }

  List<String> lines() {
    Table table = new Table(headings.toArray(String[]::new));
    rows.forEach(row -> table.row(row.toArray(String[]::new)));
    List<String> lines = new ArrayList<>();
    lines.add(title);
    lines.addAll(table.lines());
    return lines;
  }

  String toHtml() {
    StringBuilder html = new StringBuilder();
    html.append("<h2>").append(BarChart.escaped(title)).append("</h2>\n<table>\n<tr>");
    for (String heading : headings) {
      html.append(cell("th", heading, isRight(heading)));
    }
    html.append("</tr>\n");
    for (List<String> row : rows) {
      html.append("<tr>");
      for (int i = 0; i < headings.size(); i++) {
        html.append(cell("td", row.get(i), isRight(headings.get(i))));
      }
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }

  private static boolean isRight(String heading) {
    return heading.startsWith(">");
  }

  private static String cell(String element, String text, boolean right) {
    String plain = element.equals("th") && right ? text.substring(1) : text;
    String open = "<" + element + (right ? " class=\"right\">" : ">");
    return open + BarChart.escaped(plain) + "</" + element + ">";
  }
}
