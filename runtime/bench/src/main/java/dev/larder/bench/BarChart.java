package dev.larder.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars in groups, as an SVG document. Each group has a scale of its own, as groups have
 * different units.
 *
 * @param title heading
 * @param groups from top to bottom
 */
record BarChart(String title, List<Group> groups) {
  private static final int WIDTH = 860;
  private static final int LABELS = 210;
  private static final int BARS = 340;
  private static final int ROW = 20;
  private static final int GAP = 6;
  private static final int TITLE = 40;
  private static final int HEADING = 26;

  /** Bars with one scale. */
  record Group(String name, List<Bar> bars) {}

  /**
   * A bar.
   *
   * @param label what it is
   * @param value its length in the group's unit, 0 or more
   * @param text value and unit for people, behind the bar
   */
  record Bar(String label, double value, String text) {}

  /** The document. */
  String toSvg() {
    List<String> body = new ArrayList<>();
    body.add(text(GAP, TITLE / 2 + 4, "font-size=\"15\" font-weight=\"bold\"", title));
    int y = TITLE;
    for (Group group : groups) {
      body.add(text(GAP, y + HEADING - 9, "font-weight=\"bold\"", group.name()));
      y += HEADING;
      double most = group.bars().stream().mapToDouble(Bar::value).max().orElse(0);
      for (Bar bar : group.bars()) {
        body.add(bar(bar, y, most));
        y += ROW;
      }
      y += GAP;
    }
    return head(y + GAP) + String.join("\n", body) + "\n</svg>\n";
  }

  private String head(int height) {
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" \
        role="img" font-family="sans-serif" font-size="12" fill="#222">
        <title>%3$s</title>
        <style>@media(prefers-color-scheme:dark){svg{fill:#ddd}.paper{fill:#1b1b1b}\
        .bar{fill:#7aa7d6}.value{fill:#aaa}}</style>
        <rect width="%1$d" height="%2$d" fill="#fff" class="paper"/>
        """,
        WIDTH,
        height,
        escaped(title));
  }

  private static String bar(Bar bar, int y, double most) {
    double length = most > 0 ? BARS * bar.value() / most : 0;
    int line = y + ROW - GAP;
    return text(LABELS - GAP, line, "text-anchor=\"end\"", bar.label())
        + String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#4878a8\" class=\"bar\"/>",
            LABELS,
            y + 2,
            length,
            ROW - 4)
        + text(LABELS + (int) length + GAP, line, "fill=\"#555\" class=\"value\"", bar.text());
  }

  private static String text(int x, int y, String attributes, String text) {
    return "<text x=\"" + x + "\" y=\"" + y + "\" " + attributes + ">" + escaped(text) + "</text>";
  }

  /** Text as markup. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
