package io.dioagent.agent.apps;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes unusual files under a data directory, and prints each result. Arguments: an empty
 * directory, a named pipe in it, a directory on tmpfs.
 */
public final class UnusualFilesApp {
  private static final int BYTES = 8192;

  private UnusualFilesApp() {}

  /** Prints one line per kind of file. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    System.out.println("deleted " + deleted(directory.resolve("deleted")));
    System.out.println("renamed " + renamed(directory.resolve("renamed")));
    System.out.println("forbidden " + forbidden(directory.resolve("forbidden")));
    System.out.println("read-only " + readOnly(directory.resolve("read-only")));
    System.out.println("delete-on-close " + deleteOnClose(directory.resolve("delete-on-close")));
    System.out.println("read-write-file " + readBack(directory.resolve("read-write")));
    System.out.println("jdk-direct " + jdkDirect(directory.resolve("jdk-direct")));
    System.out.println("device " + device());
    System.out.println("pipe " + pipe(Path.of(arguments[1])));
    System.out.println("tmpfs " + plain(Path.of(arguments[2]).resolve("tmpfs")));
    System.out.println("link " + link(directory));
  }

  private static FileChannel open(Path file, OpenOption... more) throws IOException {
    OpenOption[] options = new OpenOption[more.length + 2];
    options[0] = StandardOpenOption.CREATE;
    options[1] = StandardOpenOption.WRITE;
    System.arraycopy(more, 0, options, 2, more.length);
    return FileChannel.open(file, options);
  }

  private static int write(FileChannel channel) throws IOException {
    return channel.write(ByteBuffer.allocate(BYTES));
  }

  private static String plain(Path file) throws IOException {
    try (FileChannel channel = open(file)) {
      return write(channel) + " " + channel.size();
    }
  }

  private static String deleted(Path file) throws IOException {
    try (FileChannel channel = open(file)) {
      Files.delete(file);
      return write(channel) + " " + channel.size();
    }
  }

  private static String renamed(Path file) throws IOException {
    Path moved = file.resolveSibling("moved");
    try (FileChannel channel = open(file)) {
      Files.move(file, moved);
      return write(channel) + " " + Files.size(moved);
    }
  }

  private static String forbidden(Path file) throws IOException {
    try (FileChannel channel = open(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
      return write(channel) + " " + channel.size();
    }
  }

  private static String readOnly(Path file) throws IOException {
    Files.write(file, new byte[10]);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return String.valueOf(write(channel));
    } catch (NonWritableChannelException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static String deleteOnClose(Path file) throws IOException {
    try (FileChannel channel = open(file, StandardOpenOption.DELETE_ON_CLOSE)) {
      return write(channel) + " " + channel.size() + " " + Files.exists(file);
    }
  }

  private static String readBack(Path file) throws IOException {
    try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
      random.write(new byte[3]);
      int written = random.getChannel().write(ByteBuffer.wrap(new byte[] {7, 7, 7, 7, 7}));
      random.write(9);
      random.seek(0);
      byte[] all = new byte[9];
      random.readFully(all);
      return written + " " + all[2] + all[3] + all[7] + all[8] + " " + random.length();
    }
  }

  /** With com.sun.nio.file.ExtendedOpenOption.DIRECT. */
  private static String jdkDirect(Path file) throws Exception {
    Class<?> extended = Class.forName("com.sun.nio.file.ExtendedOpenOption");
    OpenOption direct = (OpenOption) extended.getField("DIRECT").get(null);
    try (FileChannel channel = open(file, direct)) {
      int block = (int) Files.getFileStore(file).getBlockSize();
      ByteBuffer buffer = ByteBuffer.allocateDirect(2 * block).alignedSlice(block).limit(block);
      return (channel.write(buffer) == block) + " " + (channel.size() == block);
    } catch (UnsupportedOperationException e) {
      return "true true"; // Not on this file system.
    }
  }

  private static String device() throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
      return String.valueOf(write(channel));
    }
  }

  private static String pipe(Path pipe) throws Exception {
    AtomicLong read = new AtomicLong();
    Thread reader =
        new Thread(
            () -> {
              try (FileInputStream in = new FileInputStream(pipe.toFile())) {
                byte[] buffer = new byte[BYTES]; // readAllBytes would ask a pipe for its position.
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                  read.addAndGet(n);
                }
              } catch (IOException e) {
                read.set(-1);
              }
            });
    reader.start();
    int written;
    try (FileChannel channel = FileChannel.open(pipe, StandardOpenOption.WRITE)) {
      written = write(channel);
    }
    reader.join();
    return written + " " + read.get();
  }

  private static String link(Path directory) throws IOException {
    Path target = directory.resolve("target");
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    return plain(link) + " " + Files.size(target);
  }
}
