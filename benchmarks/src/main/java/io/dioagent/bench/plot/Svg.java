package io.dioagent.bench.plot;

import java.awt.Dimension;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Writes charts as SVG. Text is drawn as shapes, so that it does not depend on fonts. */
final class Svg {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  /** Decimals of a coordinate. With more, the drawn text alone takes half a megabyte. */
  private static final int DECIMALS = 1;

  private Svg() {}

  /** Replaces the file, and creates its directory. */
  static void write(Chart<?, ?> chart, Path file) throws IOException {
    Document document;
    try {
      document =
          DocumentBuilderFactory.newDefaultNSInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument(NAMESPACE, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IOException(e);
    }
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setPrecision(DECIMALS);
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(chart.getWidth(), chart.getHeight()));
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    Files.createDirectories(file.getParent());
    Element root = graphics.getRoot();
    Element title = document.createElementNS(NAMESPACE, "title");
    title.setTextContent(chart.getTitle());
    root.insertBefore(title, root.getFirstChild());
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      graphics.stream(root, writer, true, false);
    }
  }
}
