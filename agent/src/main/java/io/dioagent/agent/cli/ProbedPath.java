package io.dioagent.agent.cli;

import com.google.gson.JsonObject;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.WriteTrial;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The result of probing a path.
 *
 * @param fileSystem its type, such as ext4; null where it is not known
 * @param alignBytes of direct writes; 0 where it cannot go direct
 * @param reason in one line, the reason why it can(not)
 * @param trial null for a file, which is not written to
 */
record ProbedPath(
    Path path, String fileSystem, boolean direct, int alignBytes, String reason, WriteTrial trial) {
  private static final int TRIAL_BYTES = 64 << 10;
  private static final int ENOENT = 2;

  static ProbedPath of(DirectRuntime runtime, Path path) {
    try {
      return Files.isDirectory(path) ? ofDirectory(runtime, path) : ofFile(runtime, path);
    } catch (IOException e) {
      return new ProbedPath(path, null, false, 0, why(e, path), null);
    }
  }

  /**
   * Returns the reason of a failure. Exceptions of the JDK name a trial file, or have no reason.
   */
  private static String why(IOException e, Path path) {
    if (e instanceof AccessDeniedException || isErrno(e, Errno.EACCES)) {
      return Errno.message(Errno.EACCES)
          + ": expected "
          + (Files.isDirectory(path) ? "a directory" : "a file")
          + " that the user of this command may write to; run it as the application's user";
    } else if (e instanceof NoSuchFileException || isErrno(e, ENOENT)) {
      return Errno.message(ENOENT);
    }
    return e instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getReason()
        : String.valueOf(e.getMessage());
  }

  private static boolean isErrno(IOException e, int errno) {
    return String.valueOf(e.getMessage()).endsWith(": " + Errno.message(errno));
  }

  private static ProbedPath ofFile(DirectRuntime runtime, Path path) throws IOException {
    try (DirectFile file = runtime.open(path, FilePolicy.DEFAULT)) {
      return of(path, file, null);
    }
  }

  private static ProbedPath ofDirectory(DirectRuntime runtime, Path directory) throws IOException {
    Path trial = Files.createTempFile(directory, "dio-agent-probe", null);
    try (DirectFile file = runtime.open(trial, FilePolicy.DEFAULT, StandardOpenOption.WRITE)) {
      WriteTrial tried = file.tryOut();
      // Only a write proves that the kernel can do what it reports.
      int unused = file.write(ByteBuffer.allocateDirect(TRIAL_BYTES), 0);
      return of(directory, file, tried);
    } finally {
      Files.deleteIfExists(trial);
    }
  }

  private static ProbedPath of(Path path, DirectFile file, WriteTrial trial) throws IOException {
    String fileSystem = Files.getFileStore(path).type();
    boolean direct = file.isDirect();
    String reason = file.reason();
    String remark = direct ? Btrfs.remark(fileSystem) : null;
    return new ProbedPath(
        path,
        fileSystem,
        direct,
        direct ? file.alignBytes() : 0,
        remark == null ? reason : reason + "; " + remark,
        trial);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(direct ? "direct, in blocks of " + alignBytes + " bytes" : "not direct");
    text.append(": ").append(reason);
    if (fileSystem != null) {
      text.append("; ").append(fileSystem);
    }
    if (trial != null) {
      if (direct) {
        text.append("; extending writes are ")
            .append(trial.extendingAsynchronous() ? "asynchronous" : "synchronous");
      }
      text.append("; buffered writes can")
          .append(trial.uncachedBuffered() ? "" : "not")
          .append(" be uncached");
    }
    return text.toString();
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("path", path.toString());
    json.addProperty("fileSystem", fileSystem);
    json.addProperty("direct", direct);
    json.addProperty("alignBytes", alignBytes);
    json.addProperty("reason", reason);
    boolean tried = trial != null;
    json.addProperty("extendingAsynchronous", tried ? trial.extendingAsynchronous() : null);
    json.addProperty("uncachedBuffered", tried ? trial.uncachedBuffered() : null);
    return json;
  }
}
