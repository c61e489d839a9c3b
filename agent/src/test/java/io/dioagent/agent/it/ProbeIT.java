package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.dioagent.agent.contract.Command;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reasons of {@code probe}. */
class ProbeIT {
  /** Runs a command as a user without rights. */
  private static final String[] UNPRIVILEGED = {
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"
  };

  @TempDir Path directory;

  @Test
  void permissionDenied() throws IOException {
    Path secret = Files.createDirectory(directory.resolve("secret"));
    Path file = Files.createFile(secret.resolve("f"));
    Path closed = Files.createFile(directory.resolve("closed"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    Path jar = Files.copy(AgentJvm.agentJar(), directory.resolve("agent.jar")); // For all to read.
    AgentJvm jvm =
        AgentJvm.ofCommand(jar, "probe", file.toString(), secret.toString(), closed.toString());
    if ("root".equals(System.getProperty("user.name"))) {
      Need.command("setpriv", "--version");
      jvm.under(UNPRIVILEGED);
    }
    JvmResult result = jvm.run().expectExit(1);
    String reason = ": not direct: Permission denied: expected a ";
    assertTrue(result.out().contains("\n" + file + reason + "file that the user"), result.out());
    assertTrue(result.out().contains("\n" + secret + reason + "directory that"), result.out());
    assertTrue(result.out().contains("\n" + closed + reason + "file that the user"), result.out());
  }

  /** A file with checksums goes through the page cache: each answer has a remark. */
  @Test
  void btrfsWithChecksums() throws IOException {
    Need.that("root".equals(System.getProperty("user.name")), "mounting needs root");
    Need.command("mkfs.btrfs", "--version");
    Need.that(kernelIsAtLeast(6, 15), "btrfs copies direct writes since Linux 6.15");
    Path image = directory.resolve("image");
    Need.command("truncate", "-s", "256M", image.toString());
    Need.command("mkfs.btrfs", "-q", image.toString());
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Need.command("mount", "-o", "loop", image.toString(), mount.toString());
    try {
      Path file = Files.createFile(mount.resolve("f"));
      JvmResult result =
          AgentJvm.ofAgentCommand("probe", "--json", mount.toString(), file.toString()).run();
      JsonArray paths =
          JsonParser.parseString(result.out()).getAsJsonObject().getAsJsonArray("paths");
      assertEquals(2, paths.size(), result::toString);
      for (JsonElement path : paths) {
        String reason = path.getAsJsonObject().get("reason").getAsString();
        assertTrue(reason.contains("if btrfs keeps checksums of the file"), result::toString);
      }
    } finally {
      JvmResult unused = Command.run("umount", mount.toString());
    }
  }

  private static boolean kernelIsAtLeast(int major, int minor) {
    String[] release = System.getProperty("os.version").split("[^0-9]+", 3);
    int found = Integer.parseInt(release[0]);
    return found > major || (found == major && Integer.parseInt(release[1]) >= minor);
  }
}
