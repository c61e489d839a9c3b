package io.dioagent.jmc.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Fills the page's template. All text of recordings goes into one data element, which no browser
 * runs. Every character that could end that element is escaped. The page's content security policy
 * allows only the page's own scripts, by their hashes.
 */
final class Page {
  private static final List<String> SCRIPTS =
      List.of("dom.js", "format.js", "table.js", "chart.js", "charts.js", "bad.js", "main.js");
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

  /** Gson escapes HTML characters by default, and U+2028 and U+2029 always. */
  private static final Gson JSON = new GsonBuilder().serializeNulls().create();

  private Page() {}

  static String of(PageData data) {
    String style = resource("uplot/uPlot.min.css") + "\n" + resource("page.css");
    String charts =
        "/*\n" + resource("uplot/LICENSE") + "\n*/\n" + resource("uplot/uPlot.iife.min.js");
    String script = SCRIPTS.stream().map(Page::resource).collect(Collectors.joining("\n"));
    script = "'use strict';\n(() => {\n" + script + "})();\n";
    return filled(
        resource("page.html"),
        Map.of(
            "policy",
            "default-src 'none'; style-src "
                + hash(style)
                + "; script-src "
                + hash(charts)
                + " "
                + hash(script)
                + "; base-uri 'none'; form-action 'none'",
            "style",
            style,
            "charts",
            charts,
            "script",
            script,
            "headline",
            data.headline(),
            "data",
            JSON.toJson(data)));
  }

  private static String filled(String template, Map<String, String> texts) {
    Matcher places = PLACE.matcher(template);
    return places.replaceAll(place -> Matcher.quoteReplacement(texts.get(place.group(1))));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream file = Page.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("this jar has no " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
