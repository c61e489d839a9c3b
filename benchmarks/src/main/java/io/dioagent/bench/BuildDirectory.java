package io.dioagent.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where results go, beside the jar: {@code benchmarks/target}. */
public final class BuildDirectory {
  private BuildDirectory() {}

  /** The directory of the jar, or of the classes, that this runs from. */
  public static Path find() throws IOException {
    try {
      return Path.of(
              BuildDirectory.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toRealPath()
          .getParent();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** The agent's jar that the same build made, if it did. */
  public static Path agent() throws IOException {
    return find().resolve("../../agent/target/dio-agent.jar").normalize();
  }
}
