package io.dioagent.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.IndexWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks an unmodified application's system calls: aligned parts go to io_submit(2) on an O_DIRECT
 * descriptor, and only unaligned rests go to other calls.
 */
class SystemCallsIT {
  private static final String CALLS =
      "trace=open,openat,dup,fcntl,io_submit,write,writev,pwrite64,pwritev,pwritev2";
  private static final long LONGEST_SECONDS = 180;

  // On the disk that the project is on.
  @TempDir(factory = TargetDirectory.class)
  Path directory;

  private Path data;
  private Path logs;

  @BeforeEach
  void prepare() throws Exception {
    directory = directory.toRealPath();
    data = directory.resolve("data");
    logs = Files.createDirectory(directory.resolve("strace"));
    String[] probe = {"strace", "-ff", "-y", "--seccomp-bpf", "-e", CALLS, "-o", "/dev/null"};
    need(succeeds(concat(List.of(probe), "true")), "strace is missing, or may not trace");
    List<String> dd = List.of("dd", "if=/dev/zero", "bs=4096", "count=1", "oflag=direct");
    need(succeeds(concat(dd, "of=" + directory.resolve("probe"))), "no direct I/O here");
    String type = Files.getFileStore(directory).type();
    need(!type.equals("tmpfs") && !type.equals("btrfs"), type + " is not written past memory");
  }

  private static void need(boolean condition, String reasonIfNot) {
    if (!condition) {
      System.out.println("skipped: " + reasonIfNot);
    }
    assumeTrue(condition, reasonIfNot);
  }

  /** Writes whole blocks. */
  @Test
  void h2() throws Exception {
    TracedWrites writes = traceWithAgent(H2App.class);
    assertAlignedPartsSubmitted(writes);
    assertTrue(writes.elsewhereBytes() < writes.submittedBytes() / 10, writes::toString);
  }

  /** Writes at any offset. */
  @Test
  void lucene() throws Exception {
    TracedWrites writes = traceWithAgent(LuceneApp.class);
    assertAlignedPartsSubmitted(writes);
    assertTrue(writes.elsewhereBytes() > 0, writes::toString);
  }

  private TracedWrites traceWithAgent(Class<?> application) throws Exception {
    Path agent = Path.of(System.getProperty("dio.test.jar")).toRealPath();
    return trace(application, "-javaagent:" + agent + "=write=sync,tag=" + data + "/**");
  }

  private static void assertAlignedPartsSubmitted(TracedWrites writes) {
    assertTrue(writes.submittedBytes() > 1_000_000, writes::toString);
    assertEquals(List.of(), writes.submittedOnOtherDescriptors(), writes::toString);
    assertEquals(List.of(), writes.misaligned(), writes::toString);
    assertEquals(List.of(), writes.wholePagesElsewhere(), writes::toString);
  }

  /** Checks that the test would fail without the agent. */
  @Test
  void withoutAgent() throws Exception {
    TracedWrites writes = trace(H2App.class);
    assertEquals(0, writes.submittedBytes(), writes::toString);
    assertTrue(writes.elsewhereBytes() > 1_000_000, writes::toString);
    assertFalse(writes.wholePagesElsewhere().isEmpty(), writes::toString);
  }

  private TracedWrites trace(Class<?> application, String... jvmArguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("strace", "-ff", "-y", "--seccomp-bpf", "-e", CALLS));
    command.addAll(List.of("-o", logs.resolve("calls").toString()));
    command.add(java());
    command.addAll(List.of(jvmArguments));
    command.addAll(List.of("-cp", applicationClasses(), application.getName()));
    command.addAll(List.of(data.toString(), "load"));
    Path output = directory.resolve("output");
    assertTrue(succeeds(command, output), () -> command + "\n" + read(output));
    TracedWrites writes = TracedWrites.read(logs, data);
    System.out.println(application.getSimpleName() + ": " + writes);
    return writes;
  }

  private static String java() {
    String set = System.getProperty("dio.test.java");
    return set == null || set.isBlank()
        ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
        : set;
  }

  /** Returns the application and its libraries, without the agent. */
  private static String applicationClasses() throws URISyntaxException {
    List<String> entries = new ArrayList<>();
    for (Class<?> of : new Class<?>[] {H2App.class, org.h2.Driver.class, IndexWriter.class}) {
      entries.add(
          Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  private static List<String> concat(List<String> command, String last) {
    List<String> all = new ArrayList<>(command);
    all.add(last);
    return all;
  }

  private boolean succeeds(List<String> command) throws InterruptedException {
    return succeeds(command, directory.resolve("output"));
  }

  private static boolean succeeds(List<String> command, Path output) throws InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      return false;
    }
    try {
      return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
