package dev.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BarChartTest {

  @Test
  void barsOfAGroupAreInProportion() throws Exception {
    BarChart chart =
        new BarChart(
            "a < b & c",
            List.of(
                new BarChart.Group(
                    "first",
                    List.of(new BarChart.Bar("x", 2, "2 s"), new BarChart.Bar("y", 1, "1 s"))),
                new BarChart.Group("second", List.of(new BarChart.Bar("z", 0, "nothing")))));
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(chart.toSvg())));
    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("a < b & c");
    NodeList bars = svg.getElementsByTagName("rect"); // the first is the background
    List<Double> widths =
        IntStream.range(1, bars.getLength())
            .mapToObj(i -> Double.valueOf(((Element) bars.item(i)).getAttribute("width")))
            .toList();
    assertThat(widths).hasSize(3);
    assertThat(widths.get(0)).isEqualTo(2 * widths.get(1));
    assertThat(widths.get(2)).isZero();
    double height = Double.parseDouble(svg.getDocumentElement().getAttribute("height"));
    Element last = (Element) bars.item(3);
    assertThat(Double.parseDouble(last.getAttribute("y"))).isBetween(0.0, height - 16);
  }
}
