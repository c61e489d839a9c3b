package io.dioagent.agent.apps;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Shows the side effects of writes on a file, a line for each: the output must be the same with an
 * agent and without. Existing files are used as they are.
 */
public final class SideEffectsApp {
  private static final int BLOCK_BYTES = 4096;
  private static final int CHANGES = 10;
  private static final long LONG_AGO = 1_000_000_000_000L;

  private final Path directory;
  private final String way;

  private SideEffectsApp(Path directory, String way) {
    this.directory = directory;
    this.way = way;
  }

  /**
   * Runs.
   *
   * @param arguments a directory; {@code channel}, {@code stream} or {@code async}; and how long to
   *     wait for a notification, in seconds
   */
  public static void main(String[] arguments) throws Exception {
    SideEffectsApp app = new SideEffectsApp(Path.of(arguments[0]), arguments[1]);
    app.times();
    app.rights();
    app.timesThatAreSet();
    app.rightsThatAreSet();
    app.looks();
    app.watch(Long.parseLong(arguments[2]));
  }

  /** A file that is open for writing in one way or another. */
  private interface Open extends AutoCloseable {
    void write(int bytes) throws IOException;

    @Override
    void close() throws IOException;
  }

  private Open open(Path file) throws IOException {
    switch (way) {
      case "channel" -> {
        return onChannel(
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
      }
      case "append" -> {
        return onChannel(
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
      }
      case "stream" -> {
        FileOutputStream stream = new FileOutputStream(file.toFile(), true);
        return new Open() {
          @Override
          public void write(int bytes) throws IOException {
            stream.write(new byte[bytes]);
          }

          @Override
          public void close() throws IOException {
            stream.close();
          }
        };
      }
      case "async" -> {
        AsynchronousFileChannel channel =
            AsynchronousFileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new Open() {
          private long position;

          @Override
          public void write(int bytes) throws IOException {
            try {
              position += channel.write(ByteBuffer.allocate(bytes), position).get();
            } catch (ExecutionException | InterruptedException e) {
              throw new IOException(e);
            }
          }

          @Override
          public void close() throws IOException {
            channel.close();
          }
        };
      }
      default -> throw new IllegalArgumentException(way);
    }
  }

  private static Open onChannel(FileChannel channel) {
    return new Open() {
      @Override
      public void write(int bytes) throws IOException {
        channel.write(ByteBuffer.allocate(bytes));
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  private static void print(String what, Object value) {
    System.out.println(what + ": " + value);
  }

  private static FileTime time(Path file, String which) throws IOException {
    return (FileTime) Files.getAttribute(file, "unix:" + which);
  }

  private static String mode(Path file) throws IOException {
    return Integer.toOctalString((Integer) Files.getAttribute(file, "unix:mode"));
  }

  /** Times advance by a write, and not by the agent after the close. */
  private void times() throws Exception {
    for (int bytes : new int[] {BLOCK_BYTES, 100, 3 * BLOCK_BYTES + 7}) {
      Path file = directory.resolve("times");
      Files.write(file, new byte[16 * BLOCK_BYTES]);
      Files.setLastModifiedTime(file, FileTime.fromMillis(LONG_AGO));
      FileTime changed = time(file, "ctime");
      TimeUnit.MILLISECONDS.sleep(20);
      try (Open open = open(file)) {
        open.write(bytes);
      }
      FileTime modified = time(file, "lastModifiedTime");
      FileTime changedLater = time(file, "ctime");
      print(bytes + " modified is now", modified.toMillis() > LONG_AGO + BLOCK_BYTES);
      print(bytes + " changed is later", changedLater.compareTo(changed) > 0);
      TimeUnit.MILLISECONDS.sleep(150);
      print(bytes + " modified stays", modified.equals(time(file, "lastModifiedTime")));
      print(bytes + " changed stays", changedLater.equals(time(file, "ctime")));
      print(bytes + " length", Files.size(file));
    }
  }

  /** Set-uid bits, which a write drops unless the process may keep them. */
  private void rights() throws IOException {
    for (int bytes : new int[] {BLOCK_BYTES, 100}) {
      Path file = directory.resolve("rights" + bytes);
      Files.write(file, new byte[4 * BLOCK_BYTES]);
      Files.setAttribute(file, "unix:mode", 06755);
      print("mode before", mode(file));
      try (Open open = open(file)) {
        open.write(bytes);
        print("mode after a write of " + bytes, mode(file));
      }
      print("mode after close", mode(file));
    }
  }

  /** Sets times of a file that is open. */
  private interface Setting {
    void on(Path file) throws IOException;
  }

  private void timesThatAreSet() throws IOException {
    FileTime time = FileTime.fromMillis(LONG_AGO);
    set("File.setLastModified", file -> print("did", file.toFile().setLastModified(LONG_AGO)));
    set("Files.setLastModifiedTime", file -> Files.setLastModifiedTime(file, time));
    set("Files.setAttribute", file -> Files.setAttribute(file, "lastModifiedTime", time));
    set(
        "by a link",
        file -> {
          Path link = file.resolveSibling("link");
          Files.deleteIfExists(link);
          Files.createSymbolicLink(link, file);
          Files.setLastModifiedTime(link, time);
        });
    set(
        "by another process",
        file -> {
          Process touch =
              new ProcessBuilder("touch", "-m", "-d", "@1000000000", file.toString()).start();
          try {
            touch.waitFor();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
  }

  private void set(String what, Setting setting) throws IOException {
    for (int bytes : new int[] {BLOCK_BYTES, 100}) {
      Path file = directory.resolve("set");
      Files.deleteIfExists(file);
      try (Open open = open(file)) {
        open.write(bytes);
        setting.on(file);
        print(what + ", " + bytes + ", open", file.toFile().lastModified());
      }
      print(what + ", " + bytes + ", closed", file.toFile().lastModified());
      print(what + ", " + bytes + ", length", file.toFile().length());
    }
  }

  private void rightsThatAreSet() throws IOException {
    rights("Files.setAttribute", file -> Files.setAttribute(file, "unix:mode", 06755));
    rights(
        "Files.setPosixFilePermissions",
        file -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---")));
    rights("File.setExecutable", file -> print("did", file.toFile().setExecutable(true, true)));
    rights("File.setReadable", file -> print("did", file.toFile().setReadable(false, false)));
    rights("File.setWritable", file -> print("did", file.toFile().setWritable(true, false)));
    rights("File.setReadOnly", file -> print("did", file.toFile().setReadOnly()));
  }

  private void rights(String what, Setting setting) throws IOException {
    Path file = directory.resolve("rights");
    Files.deleteIfExists(file);
    try (Open open = open(file)) {
      open.write(BLOCK_BYTES);
      setting.on(file);
    }
    print(what, mode(file));
  }

  /** All ways to look at an open file find all that was written. */
  private void looks() throws IOException {
    Path file = directory.resolve("looks");
    Files.deleteIfExists(file);
    try (Open open = open(file)) {
      open.write(BLOCK_BYTES);
      print("length", file.toFile().length());
      open.write(BLOCK_BYTES);
      try (FileChannel channel = FileChannel.open(file);
          var stream = java.nio.channels.Channels.newInputStream(channel)) {
        print("available", stream.available());
        open.write(BLOCK_BYTES);
        print("available", stream.available());
      }
      open.write(BLOCK_BYTES);
      File renamed = directory.resolve("renamed").toFile();
      print("renamed", file.toFile().renameTo(renamed) + ", " + renamed.length());
      open.write(BLOCK_BYTES);
      print("modified", renamed.lastModified() > LONG_AGO);
    }
  }

  /** Each write is reported to watchers of the directory. */
  private void watch(long seconds) throws Exception {
    Path watched = Files.createDirectories(directory.resolve("watched-" + way));
    Path file = watched.resolve("file");
    Files.write(file, new byte[BLOCK_BYTES]);
    int seen = 0;
    try (WatchService watcher = FileSystems.getDefault().newWatchService();
        Open open = open(file)) {
      WatchKey unused = watched.register(watcher, StandardWatchEventKinds.ENTRY_MODIFY);
      for (int i = 0; i < CHANGES; i++) {
        open.write(BLOCK_BYTES);
        seen += isNotified(watcher, seconds) ? 1 : 0;
      }
    }
    print("modifications seen", seen + " of " + CHANGES);
  }

  private static boolean isNotified(WatchService watcher, long seconds)
      throws InterruptedException {
    WatchKey key = watcher.poll(seconds, TimeUnit.SECONDS);
    boolean notified = key != null;
    while (key != null) {
      key.pollEvents();
      key.reset();
      key = watcher.poll(100, TimeUnit.MILLISECONDS); // So that the next one is the next write's.
    }
    return notified;
  }
}
