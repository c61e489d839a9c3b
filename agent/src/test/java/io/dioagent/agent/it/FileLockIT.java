package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application's lock holds for as long as it holds its channel open. The system drops all of a
 * process's locks on a file when any of its descriptors of that file is closed, so one of the
 * agent's own that came and went would take the lock along.
 */
class FileLockIT {
  @TempDir Path directory;

  @Test
  void locksSurviveWritesThroughTheAgent() {
    Path file = directory.resolve("locked");
    try (Commanded holder = Commanded.start("tag=" + directory + "/**");
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
      assertEquals("0", holder.run("descriptors " + directory));
    }
  }
}
