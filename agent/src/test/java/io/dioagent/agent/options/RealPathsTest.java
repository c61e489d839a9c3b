package io.dioagent.agent.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealPathsTest {
  @TempDir Path temporary;

  private static AgentOptions options(String text) throws OptionException {
    return RealPaths.of(OptionParser.parse(text, new Properties(), Map.of()));
  }

  @Test
  void linksAreResolvedUpToTheFirstSpecialCharacter() throws OptionException, IOException {
    Path directory = temporary.toRealPath();
    Path real = Files.createDirectories(directory.resolve("real[1]").resolve("sub"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real[1]"));
    AgentOptions options =
        options("tag=" + directory + "/link/sub/**,exclude=" + directory + "/link/sub/*.tmp");
    TagRule tag = options.tags().get(0);
    assertTrue(tag.glob().matches(real + "/x/y"), tag.toString());
    assertEquals(directory + "/link/sub/**", tag.name());
    assertTrue(options.excludes().get(0).matches(real + "/a.tmp"));
  }

  @Test
  void otherGlobsStay() throws OptionException {
    for (String glob : new String[] {"/does/not/exist/**", "/**", "/*", "/x"}) {
      assertEquals(glob, options("tag=" + glob).tags().get(0).glob().toString());
    }
  }
}
