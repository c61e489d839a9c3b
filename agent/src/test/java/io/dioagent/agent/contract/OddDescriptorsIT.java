package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptors in odd states, or of untagged kinds of files, behave as without the agent. */
class OddDescriptorsIT {
  private static final String UNPRIVILEGED_ID = "65534";

  private Scratch scratch;

  @BeforeEach
  void makeScratch() {
    scratch = Scratch.onDisk();
  }

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  private ScriptedPair start(String agentOptions) throws IOException {
    return start(agentOptions, jvm -> jvm);
  }

  private ScriptedPair start(String agentOptions, UnaryOperator<AgentJvm> both) throws IOException {
    return ScriptedPair.start(scratch, agentOptions, both);
  }

  /** Aligned, unaligned, extending, overwriting, gathered, positional. */
  private static void writeAll(ScriptedPair pair) {
    pair.both("write a 8192");
    pair.both("write a 5000");
    pair.both("write a 300000");
    pair.both("gather a 100,4096,0,8092");
    pair.both("writeAt a 8192 4096");
    pair.both("writeAt a 777 4000");
    pair.both("force a");
  }

  private static void assertWentDirect(Recorded recorded) {
    assertEquals(recorded.mayGoDirect(), recorded.directBytes() > 0, recorded.toString());
  }

  private static void assertNotSeen(Recorded recorded) {
    assertEquals(0, recorded.count("Write"), recorded.toString());
  }

  // ---- files that change after they were opened ----

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deletedAfterOpen(boolean writtenBefore) throws IOException {
    try (ScriptedPair pair = start("tag=DIR/**")) {
      pair.both("open a DIR/file CREATE,READ,WRITE");
      if (writtenBefore) {
        writeAll(pair);
      }
      pair.both("file", Files::delete);
      writeAll(pair);
      pair.both("content a");
      pair.both("close a");
      assertWentDirect(pair.end());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void renamedAfterOpen(boolean writtenBefore) throws IOException {
    try (ScriptedPair pair = start("tag=DIR/file")) {
      pair.both("open a DIR/file CREATE,READ,WRITE");
      if (writtenBefore) {
        writeAll(pair);
      }
      pair.both("file", file -> Files.move(file, file.resolveSibling("other")));
      pair.both("file", file -> Files.writeString(file, "another one"));
      writeAll(pair);
      pair.both("content a");
      pair.both("hash DIR/other");
      pair.both("hash DIR/file");
      assertWentDirect(pair.end());
    }
  }

  /** Not as root, whom no permission keeps from opening a file. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void permissionsRemovedAfterOpen(boolean writtenBefore) throws IOException {
    String[] ordinaryUser = ordinaryUser();
    try (ScriptedPair pair = start("tag=DIR/**", jvm -> jvm.under(ordinaryUser))) {
      pair.both("open a DIR/file CREATE,READ,WRITE");
      if (writtenBefore) {
        writeAll(pair);
      }
      pair.both(
          "file",
          file ->
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------")));
      pair.both("open b DIR/file READ,WRITE");
      writeAll(pair);
      pair.both("content a");
      Recorded recorded = pair.end();
      assertTrue(recorded.bufferedBytes() > 0, recorded.toString());
      if (recorded.mayGoDirect()) {
        assertEquals(writtenBefore, recorded.directBytes() > 0, recorded.toString());
        boolean reported = recorded.bufferedReasons().toString().contains("Permission denied");
        assertEquals(!writtenBefore, reported, recorded.toString());
      }
    }
  }

  /** Returns a prefix that makes a command run as another user than root, if this is root. */
  private static String[] ordinaryUser() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new String[0];
    }
    String[] prefix = {
      "setpriv", "--reuid=" + UNPRIVILEGED_ID, "--regid=" + UNPRIVILEGED_ID, "--clear-groups"
    };
    for (Path needed : new Path[] {AgentJvm.agentJar(), AgentJvm.javaExecutable()}) {
      Need.command(prefix[0], prefix[1], prefix[2], prefix[3], "test", "-r", needed.toString());
    }
    return prefix;
  }

  // ---- names ----

  @Test
  void symbolicLinkIsTaggedByTheRealPath() throws IOException {
    try (ScriptedPair pair = start("tag=DIR/real/**,log=debug")) {
      pair.both("real", Files::createDirectory);
      pair.both("link", link -> Files.createSymbolicLink(link, link.resolveSibling("real")));
      pair.both("open a DIR/link/file CREATE,READ,WRITE");
      pair.agentJvm().awaitErr(pair.tagged() + "/real/file, descriptor");
      writeAll(pair);
      pair.both("hash DIR/real/file");
      assertWentDirect(pair.end());
    }
  }

  @Test
  void symbolicLinkIsNotTaggedByItsOwnPath() throws IOException {
    try (ScriptedPair pair = start("tag=DIR/link/**")) {
      pair.both("real", Files::createDirectory);
      pair.both("link", link -> Files.createSymbolicLink(link, link.resolveSibling("real")));
      pair.both("open a DIR/link/file CREATE,READ,WRITE");
      writeAll(pair);
      assertNotSeen(pair.end());
    }
  }

  @Test
  void relativePath() throws IOException {
    try (ScriptedPair pair = start("tag=DIR/**")) {
      pair.both("open a RELATIVE_DIR/file CREATE,READ,WRITE");
      writeAll(pair);
      pair.both("hash DIR/file");
      assertWentDirect(pair.end());
    }
  }

  // ---- files that are left alone ----

  @Test
  void readOnlyChannel() throws IOException {
    try (ScriptedPair pair = start("tag=DIR/**")) {
      pair.both("file", file -> Files.write(file, Bytes.of(1, 100_000)));
      pair.both("open a DIR/file READ");
      pair.both("content a");
      pair.both("write a 4096");
      pair.both("writeAt a 4096 0");
      pair.both("gather a 4096,1");
      pair.both("truncate a 0");
      pair.both("force a");
      pair.both("hash DIR/file");
      assertNotSeen(pair.end());
    }
  }

  @Test
  void directory() throws IOException {
    try (ScriptedPair pair = start("tag=DIR/**,log=info")) {
      pair.both("sub", Files::createDirectory);
      pair.both("open a DIR/sub READ,WRITE");
      pair.both("open b DIR/sub READ");
      assertNotSeen(pair.end());
    }
  }

  @Test
  void device() throws IOException {
    try (ScriptedPair pair = start("tag=/dev/**,log=info")) {
      pair.both("open a /dev/null WRITE");
      pair.both("write a 4096");
      pair.both("write a 4097");
      pair.both("gather a 100,4096");
      pair.both("writeAt a 100 0");
      pair.agentJvm().awaitErr("left alone: /dev/null is a character device");
      assertNotSeen(pair.end());
    }
  }

  @Test
  void procFile() throws IOException {
    try (ScriptedPair pair = start("tag=/proc/**,log=info")) {
      pair.both("open a /proc/self/comm READ,WRITE");
      pair.both("write a 10");
      pair.agentJvm().awaitErr("left alone: /proc/");
      assertNotSeen(pair.end());
    }
  }

  @Test
  void namedPipe() throws IOException {
    try (ScriptedPair pair = start("tag=DIR/**,log=info")) {
      pair.both("pipe", pipe -> Command.run("mkfifo", pipe.toString()).expectExit(0));
      pair.both("open a DIR/pipe READ,WRITE"); // With both, opening does not wait.
      pair.both("write a 4096");
      pair.both("write a 100");
      pair.both("gather a 100,50");
      pair.both("writeAt a 100 0");
      pair.agentJvm().awaitErr("left alone: " + pair.tagged() + "/pipe is a pipe");
      assertNotSeen(pair.end());
    }
  }

  @Test
  void openedForDirectIoByTheApplication() throws IOException {
    try (ScriptedPair pair = start("tag=DIR/**,log=info")) {
      pair.both("open a DIR/file CREATE,READ,WRITE,DIRECT");
      // Every second command has an aligned direct buffer.
      String first = pair.both("write a 8192");
      Need.that(first.startsWith("8192,"), "no direct I/O in " + pair.tagged() + ": " + first);
      pair.both("position a 8192");
      pair.both("write a 65536");
      pair.both("write a 100");
      pair.both("hash DIR/file");
      Recorded recorded = pair.end();
      assertTrue(recorded.directBytes() >= 8192, recorded.toString());
      assertEquals(0, recorded.bufferedBytes(), recorded.toString());
    }
  }

  // ---- no descriptors left ----

  @ParameterizedTest
  @CsvSource({"0, ''", "1, ''", "0, ',write=auto'"})
  void descriptorsUsedUp(int leftFree, String options) throws IOException {
    Need.command("prlimit", "--version");
    String[] limited = {"prlimit", "--nofile=300:300"};
    try (ScriptedPair pair = start("tag=DIR/**" + options, jvm -> jvm.under(limited))) {
      pair.both("open a DIR/warm-up CREATE,READ,WRITE");
      writeAll(pair); // Loads the application's classes, for which it needs descriptors.
      pair.both("close a");
      pair.both("open a DIR/file CREATE,READ,WRITE");
      pair.both("open b DIR/appended CREATE,APPEND");
      String failure = pair.both("hog " + leftFree);
      assertTrue(failure.contains("Too many open files"), failure);
      writeAll(pair);
      pair.both("write b 5000");
      pair.both("write b 8192");
      pair.both("free");
      pair.both("content a");
      pair.both("hash DIR/appended");
      Recorded recorded = pair.end();
      assertTrue(recorded.bufferedBytes() > 0, recorded.toString());
      if (recorded.mayGoDirect() && leftFree == 0 && options.isEmpty()) {
        assertTrue(
            recorded.bufferedReasons().toString().contains("Too many open files"),
            recorded.toString());
      }
    }
  }
}
