package io.dioagent.agent.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/** The Javadoc of a JDK's classes as text, without markup, out of its {@code src.zip}. */
final class JavadocText implements AutoCloseable {
  private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("\\{@code\\s+([^{}]*)\\}");

  /** A link with a label of its own; before one without. */
  private static final Pattern LABELLED =
      Pattern.compile("\\{@link(?:plain)?\\s+[^\\s{}(]+(?:\\([^)]*\\))?\\s+([^{}]+)\\}");

  private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)?\\s+([^{}]+)\\}");

  private final ZipFile sources;
  private final Map<Class<?>, String> texts = new HashMap<>();

  JavadocText(Path sourcesZip) throws IOException {
    sources = new ZipFile(sourcesZip.toFile());
  }

  /** All comments of a class of {@code java.base}, in order, in one line. */
  String of(Class<?> documented) throws IOException {
    String text = texts.get(documented);
    if (text == null) {
      String entry = "java.base/" + documented.getName().replace('.', '/') + ".java";
      try (InputStream in = sources.getInputStream(sources.getEntry(entry))) {
        text = plain(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      texts.put(documented, text);
    }
    return text;
  }

  private static String plain(String source) {
    StringBuilder text = new StringBuilder();
    Matcher comments = COMMENT.matcher(source);
    while (comments.find()) {
      String comment = comments.group(1).replaceAll("(?m)^\\s*\\* ?", "");
      for (Pattern inline : new Pattern[] {CODE, LABELLED, LINK, CODE, LABELLED, LINK}) {
        comment = inline.matcher(comment).replaceAll("$1");
      }
      comment = comment.replaceAll("<[^>]+>", "").replace("&nbsp;", " ");
      text.append(' ').append(comment);
    }
    return text.toString().replaceAll("\\s+", " ");
  }

  @Override
  public void close() throws IOException {
    sources.close();
  }
}
