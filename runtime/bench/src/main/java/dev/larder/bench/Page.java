package dev.larder.bench;

import dev.larder.cli.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A report as one HTML file, which loads nothing from elsewhere and runs no script. */
final class Page {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>larder-bench</title>
      <style>
      :root{color-scheme:light dark}
      body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;background:#fff;color:#222}
      h1{font-size:1.4rem}
      h2{font-size:1.1rem}
      table{border-collapse:collapse}
      th,td{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #8886;vertical-align:top}
      .right{text-align:right}
      pre{overflow-x:auto}
      svg{max-width:100%;height:auto}
      @media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}}
      </style>
      </head>
      <body>
      """;

  private Page() {}

  /**
   * The page.
   *
   * @param command that was run, as it was typed
   * @param when it was measured
   */
  static String of(String command, Instant when, Output.Report report) {
    StringBuilder html = new StringBuilder(HEAD);
    html.append("<h1>").append(BarChart.escaped(report.chart().title())).append("</h1>\n");
    html.append("<pre>").append(BarChart.escaped(command)).append("</pre>\n");
    paragraph(html, machine());
    paragraph(html, versions(when));
    List<Grid> grids = report.grids();
    if (grids.isEmpty()) {
      String lines = String.join("\n", report.lines());
      html.append("<pre>").append(BarChart.escaped(lines)).append("</pre>\n");
    }
    grids.forEach(grid -> html.append(grid.toHtml()));
    report.remarks().forEach(remark -> paragraph(html, remark));
    return html.append(report.chart().toSvg()).append("</body>\n</html>\n").toString();
  }

  private static void paragraph(StringBuilder html, String text) {
    html.append("<p>").append(BarChart.escaped(text)).append("</p>\n");
  }

  private static String machine() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s of memory; %s %s, %s",
        value("/proc/cpuinfo", "model name", "unknown processor"),
        Runtime.getRuntime().availableProcessors(),
        value("/proc/meminfo", "MemTotal", "unknown size"),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"));
  }

  private static String versions(Instant when) {
    return "larder "
        + Version.read()
        + ", Java "
        + Runtime.version()
        + "; "
        + when.truncatedTo(ChronoUnit.SECONDS);
  }

  /** The first value of a key; processors of some kinds do not tell their name. */
  private static String value(String file, String key, String otherwise) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
