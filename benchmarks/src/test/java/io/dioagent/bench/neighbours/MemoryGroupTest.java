package io.dioagent.bench.neighbours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dioagent.bench.neighbours.MemoryGroup.Hierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryGroupTest {
  private static final String OTHER = "cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0";
  private static final String VERSION_1 = "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0";

  @TempDir private Path root;

  @Test
  void versionOneIsKnownByItsMountOption() throws IOException {
    assertEquals(
        Optional.of(new Hierarchy(Path.of("/sys/fs/cgroup/memory"), 1)),
        Hierarchy.among(List.of(OTHER, version2(), VERSION_1)));
  }

  @Test
  void versionTwoCountsOnlyWithTheControllerForGroupsBelow() throws IOException {
    assertEquals(Optional.empty(), Hierarchy.among(List.of(OTHER, version2())));
    Files.writeString(root.resolve("cgroup.subtree_control"), "cpu pids\n");
    assertEquals(Optional.empty(), Hierarchy.among(List.of(OTHER, version2())));
    Files.writeString(root.resolve("cgroup.subtree_control"), "cpu memory pids\n");
    assertEquals(Optional.of(new Hierarchy(root, 2)), Hierarchy.among(List.of(OTHER, version2())));
  }

  @Test
  void aGroupHasALimitAndCounters() throws IOException {
    MemoryGroup group = MemoryGroup.create(new Hierarchy(root, 2), "group", 4096);
    Path directory = root.resolve("group");
    assertEquals("4096", Files.readString(directory.resolve("memory.max")));
    Files.writeString(directory.resolve("memory.stat"), "refault_file_more 1\nrefault_file 42\n");
    assertEquals(42, group.statistic("refault_file"));
    assertThrows(IOException.class, () -> group.statistic("refault"));
  }

  private String version2() {
    return "none " + root + " cgroup2 rw 0 0";
  }
}
