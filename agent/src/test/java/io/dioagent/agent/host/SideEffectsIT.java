package io.dioagent.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.apps.SideEffectsApp;
import io.dioagent.agent.contract.Need;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The side effects of write(2), and attributes set or read meanwhile, are the same with the agent
 * and without: times, set-uid bits, notifications. All ways and engines: {@code
 * -Ddio.test.effects=all}.
 */
@Tag("host")
class SideEffectsIT {
  private static final boolean ALL = "all".equals(System.getProperty("dio.test.effects"));
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final String UNPRIVILEGED_ID = "65534";

  /** How long a notification is waited for, where it may not come at all. */
  private static final String SECONDS = "20";

  private static final AtomicInteger RUNS = new AtomicInteger();

  @TempDir static Path directory;

  private static AgentJvm app(String way, String settings) throws IOException {
    Path own =
        Files.createDirectory(directory.toRealPath().resolve("run" + RUNS.incrementAndGet()));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
    AgentJvm jvm = AgentJvm.of(SideEffectsApp.class, own.toString(), way, SECONDS);
    return settings == null ? jvm : jvm.agent("tag=" + own + "/**" + settings);
  }

  private static void assertSame(String way, String settings) throws IOException {
    JvmResult plain = app(way, null).run().expectExit(0);
    JvmResult with = app(way, settings).run().expectExit(0);
    assertEquals(plain.out(), with.out(), with.toString());
    assertEquals("", with.err());
    assertTrue(with.out().contains("modifications seen: 10 of 10"), with.out());
  }

  @ParameterizedTest
  @CsvSource({
    "channel, ''",
    "channel, ',write=pipelined'",
    "channel, ',write=auto'",
    "async, ''",
  })
  void sameAsPlain(String way, String settings) throws IOException {
    assertSame(way, settings);
  }

  @ParameterizedTest
  @CsvSource({
    "stream, ''",
    "stream, ',write=pipelined'",
    "stream, ',write=auto'",
    "append, ''",
    "append, ',write=pipelined'",
    "append, ',write=auto'",
    "async, ',write=pipelined'",
    "async, ',write=auto'",
    "channel, ',engine=pwrite'",
    "channel, ',engine=pwrite,write=pipelined'",
    "async, ',engine=pwrite'",
    "channel, ',engine=io_uring'",
    "channel, ',engine=io_uring,write=pipelined'",
    "async, ',engine=io_uring'",
  })
  void sameAsPlainInAllWays(String way, String settings) throws IOException {
    Need.that(ALL, "only with -Ddio.test.effects=all");
    assertSame(way, settings);
  }

  /** Who may not keep set-uid bits when writing loses them; and the file is its own. */
  @Test
  void sameAsPlainWithoutPrivileges() throws IOException {
    Need.that(Files.isExecutable(SETPRIV), "no " + SETPRIV);
    Need.that("root".equals(System.getProperty("user.name")), "not root: it is so anyway");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    String[] command = {
      SETPRIV.toString(),
      "--reuid=" + UNPRIVILEGED_ID,
      "--regid=" + UNPRIVILEGED_ID,
      "--clear-groups"
    };
    JvmResult plain = app("channel", null).under(command).run();
    Need.that(plain.exitCode() == 0, "an unprivileged user cannot run here: " + plain.err());
    JvmResult with = app("channel", ",write=pipelined").under(command).run().expectExit(0);
    assertTrue(plain.out().contains("mode after close: 100755"), plain.out());
    assertEquals(plain.out(), with.out(), with.toString());
  }
}
