package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application's lock holds for as long as it holds its channel open. The system drops all of a
 * process's locks on a file when any of its descriptors of that file is closed, so one of the
 * agent's own that came and went would take the lock along.
 */
class FileLockIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", ",write=auto"})
  void locksSurviveWritesThroughTheAgent(String settings) throws InterruptedException {
    Path file = directory.resolve("locked");
    try (Commanded holder = Commanded.start("tag=" + directory + "/**" + settings);
        Commanded other = Commanded.start()) {
      assertEquals("ok", holder.run("open a " + file));
      assertEquals("locked", holder.run("lock a"));
      assertEquals("ok", other.run("open b " + file));
      assertEquals("taken", other.run("lock b"));

      for (int bytes : new int[] {4096, 100, 1 << 20, 5000, 65_536}) {
        assertEquals(String.valueOf(bytes), holder.run("write a " + bytes));
        assertEquals("ok", holder.run("force a"));
        assertEquals("taken", other.run("lock b"), "after a write of " + bytes);
      }
      assertTrue(Integer.parseInt(holder.run("descriptors " + directory)) > 1, "none of the agent");

      assertEquals("ok", holder.run("unlock a"));
      assertEquals("locked", other.run("lock b"));
      assertEquals("taken", holder.run("lock a"));
      assertEquals("ok", other.run("unlock b"));
      assertEquals("locked", holder.run("lock a"));
      assertEquals("ok", holder.run("close a"));
      assertEquals("locked", other.run("lock b"));
      String left = holder.run("descriptors " + directory);
      for (int looks = 0; !left.equals("0") && looks < 500; looks++) {
        Thread.sleep(10); // After write=auto a thread still drops pages.
        left = holder.run("descriptors " + directory);
      }
      assertEquals("0", left);
    }
  }
}
