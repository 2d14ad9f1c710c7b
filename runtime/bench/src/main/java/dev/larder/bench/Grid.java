package dev.larder.bench;

import dev.larder.cli.text.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * A table for people, on a terminal and on a page.
 *
 * @param title what it is about
 * @param headings one that starts with {@code >} makes its column flush right
 * @param rows each with as many cells as there are headings
 */
record Grid(String title, List<String> headings, List<List<String>> rows) {

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
