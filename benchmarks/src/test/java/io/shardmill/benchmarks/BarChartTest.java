package io.shardmill.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BarChartTest {

    private static Document drawn(double ours, double theirs) throws Exception {
        Map<String, Samples> rounds = new LinkedHashMap<>();
        rounds.put("ours", new Samples(new double[] {ours}));
        rounds.put("theirs <1.0 & older>", new Samples(new double[] {theirs}));
        String svg = new BarChart(List.of(new Figure("rate", "records/s", "%.0f", true, rounds))).svg();
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    }

    private static int width(Document document, String kind) {
        NodeList bars = document.getElementsByTagName("rect");
        for (int index = 0; index < bars.getLength(); index++) {
            Element bar = (Element) bars.item(index);
            if (bar.getAttribute("class").equals(kind)) {
                return Integer.parseInt(bar.getAttribute("width"));
            }
        }
        throw new AssertionError("There is no bar of kind " + kind);
    }

    @Test
    void bars_are_as_long_as_their_values_are_to_each_other() throws Exception {
        Document document = drawn(300, 100);
        assertThat(width(document, "first")).isCloseTo(3 * width(document, "other"), within(2));
    }

    @Test
    void what_did_not_finish_has_no_bar_and_says_so() throws Exception {
        Document document = drawn(300, Double.NaN);
        assertThat(width(document, "other")).isZero();
        assertThat(document.getDocumentElement().getTextContent()).contains(Figure.UNFINISHED);
    }

    @Test
    void names_keep_their_signs() throws Exception {
        assertThat(drawn(1, 2).getDocumentElement().getTextContent()).contains("theirs <1.0 & older>");
    }

    @Test
    void a_value_of_zero_is_drawn() throws Exception {
        assertThat(width(drawn(0, 0), "first")).isEqualTo(1);
    }
}
