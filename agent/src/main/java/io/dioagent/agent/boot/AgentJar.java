package io.dioagent.agent.boot;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.zip.ZipFile;

/**
 * The jar that this class comes from, opened once. It stays open, because classes are loaded from
 * it for as long as the JVM runs.
 *
 * <p>Applications share this class's module. The fields are static and final, so that an
 * application cannot put in another jar, whose classes would then be the agent's.
 */
final class AgentJar {
  static final File FILE = file();
  static final ZipFile CONTENT = open();

  private AgentJar() {}

  private static ZipFile open() {
    try {
      return new ZipFile(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static File file() {
    CodeSource source = AgentJar.class.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    try {
      return new File(location.toURI());
    } catch (URISyntaxException | IllegalArgumentException | NullPointerException e) {
      throw new IllegalStateException(
          "the agent's classes come from " + location + ", expected a jar file", e);
    }
  }
}
