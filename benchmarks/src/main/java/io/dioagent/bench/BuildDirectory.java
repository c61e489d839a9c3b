package io.dioagent.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Finds the directory of results, beside the jar: {@code benchmarks/target}. */
public final class BuildDirectory {
  private BuildDirectory() {}

  /** Returns the parent directory of the running jar or classes. */
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

  /** Returns the path of the agent's jar of the same build, which may be missing. */
  public static Path agent() throws IOException {
    return find().resolve("../../agent/target/dio-agent.jar").normalize();
  }
}
