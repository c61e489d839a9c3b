package io.dioagent.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

class PictureTest {
  private static final Picture PICTURE = new Picture("Cost of a write", "KiB", "us");
  private static final Curve AGENT =
      new Curve("agent", List.of(0.5, 4.0, 16_384.0), List.of(20.0, 18.0, 9000.0));
  private static final Curve PEER =
      new Curve("JDK DIRECT", List.of(4.0, 16_384.0), List.of(19.0, 12_000.0));

  @TempDir private Path directory;

  @Test
  void eachCurveAddsToTheDrawing() throws Exception {
    Path one = directory.resolve("plots").resolve("one.svg");
    Path two = directory.resolve("plots").resolve("two.svg");
    PICTURE.writeLines(one, List.of(AGENT));
    PICTURE.writeLines(two, List.of(AGENT, PEER));
    assertTrue(shapes(two) > shapes(one), () -> "nothing was added to " + one);
  }

  @Test
  void eachBarAddsToTheDrawing() throws Exception {
    Path one = directory.resolve("one.svg");
    Path two = directory.resolve("two.svg");
    PICTURE.writeBars(one, Map.of("alone", 100.0));
    PICTURE.writeBars(two, Map.of("alone", 100.0, "agent", 99.5));
    assertTrue(shapes(two) > shapes(one), () -> "nothing was added to " + one);
  }

  @Test
  void aPointNeedsBothCoordinates() {
    assertThrows(
        IllegalArgumentException.class, () -> new Curve("half", List.of(1.0, 2.0), List.of(1.0)));
  }

  private static int shapes(Path file)
      throws IOException, ParserConfigurationException, SAXException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Element svg = factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    assertEquals("svg", svg.getTagName());
    assertEquals("Cost of a write", svg.getElementsByTagName("title").item(0).getTextContent());
    return svg.getElementsByTagName("path").getLength()
        + svg.getElementsByTagName("rect").getLength()
        + svg.getElementsByTagName("circle").getLength()
        + svg.getElementsByTagName("line").getLength();
  }
}
