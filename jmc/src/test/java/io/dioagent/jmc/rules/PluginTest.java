package io.dioagent.jmc.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;

/** Checks plugin.xml against the schemas of the application's extension points. */
class PluginTest {
  private static final String RULES_BUNDLE = "org.openjdk.jmc.flightrecorder.rules";

  private static Document parse(URL url) throws Exception {
    try (InputStream in = url.openStream()) {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
    }
  }

  private static Document plugin(String containing) throws Exception {
    List<URL> all = Collections.list(PluginTest.class.getClassLoader().getResources("plugin.xml"));
    for (URL url : all) {
      if (url.toString().contains(containing)) {
        return parse(url);
      }
    }
    throw new AssertionError("no plugin.xml of " + containing + " in " + all);
  }

  private static Element extension(String point) throws Exception {
    NodeList extensions = plugin("/jmc/target/").getElementsByTagName("extension");
    for (int i = 0; i < extensions.getLength(); i++) {
      Element extension = (Element) extensions.item(i);
      if (extension.getAttribute("point").equals(point)) {
        return extension;
      }
    }
    throw new AssertionError("no extension of " + point);
  }

  private static Map<String, String> attributes(Element element) {
    NamedNodeMap nodes = element.getAttributes();
    Map<String, String> attributes = new TreeMap<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      attributes.put(nodes.item(i).getNodeName(), nodes.item(i).getNodeValue());
    }
    return attributes;
  }

  /** JMC's jar of rules is the bundle that declares the extension point. */
  @Test
  void rulesAreProvided() throws Exception {
    Element point =
        (Element) plugin("flightrecorder.rules-").getElementsByTagName("extension-point").item(0);
    Element extension = extension(RULES_BUNDLE + "." + point.getAttribute("id"));
    Element provider = (Element) extension.getElementsByTagName("*").item(0);
    assertEquals("ruleProvider", provider.getTagName());
    assertEquals(Map.of(), attributes(provider));
  }

  /**
   * The application's schema datapage.exsd is not on Central. It has "pages" with an optional file,
   * beside plugin.xml, and a weight.
   */
  @Test
  void pagesAreContributed() throws Exception {
    Element extension = extension("org.openjdk.jmc.flightrecorder.ui.datapage");
    Element pages = (Element) extension.getElementsByTagName("*").item(0);
    assertEquals("pages", pages.getTagName());
    assertEquals(Map.of("file", "pages.xml", "weight", "77"), attributes(pages));
    assertNotNull(getClass().getResource("/" + pages.getAttribute("file")));
  }
}
