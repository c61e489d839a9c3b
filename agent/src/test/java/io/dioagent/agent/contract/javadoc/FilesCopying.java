package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Copying, moving and deleting by {@link Files}. */
final class FilesCopying {
  private static final int LARGE = (5 << 20) + 99;

  private FilesCopying() {}

  static void addTo(Cases cases) {
    Cases.Of files = cases.of(Files.class);
    copies(files);
    streams(files);
    moves(files);
    deletes(files);
  }

  private static void copies(Cases.Of files) {
    files.add(
        "This method copies a file to the target file with the options parameter specifying how the"
            + " copy is performed.",
        (side, seen) -> {
          for (int length : new int[] {0, 100, 4096, UNALIGNED, LARGE}) {
            byte[] bytes = Bytes.of(length, length);
            FileChannel channel = side.open(CREATE, WRITE);
            seen.is("written", length, channel.write(ByteBuffer.wrap(bytes)));
            for (Path target : new Path[] {side.path("copy"), side.neutral("copy")}) {
              Files.copy(side.file(), target, REPLACE_EXISTING); // While it is open.
              seen.content("copy", bytes, target);
              Files.copy(target, side.path("back"), REPLACE_EXISTING, COPY_ATTRIBUTES);
              seen.content("copied back", bytes, side.path("back"));
            }
            channel.close();
            Files.delete(side.file());
          }
        });
    files.add(
        "By default, the copy fails if the target file already exists or is a symbolic link, except"
            + " if the source and target are the same file, in which case the method completes"
            + " without copying the file.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          side.fill(side.path("other"), 100);
          seen.fails(
              FileAlreadyExistsException.class,
              "copy",
              () -> Files.copy(side.file(), side.path("other")));
          Path link = Files.createSymbolicLink(side.path("link"), side.path("none"));
          seen.fails(FileAlreadyExistsException.class, "link", () -> Files.copy(side.file(), link));
          Files.copy(side.file(), side.file());
          seen.content("content", bytes, side.file());
        });
    files.add(
        "When the REPLACE_EXISTING option is specified and the target file exists, then the target"
            + " file is replaced.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          side.fill(side.path("target"), 5000);
          FileChannel replaced = side.openAt(side.path("target"), READ, WRITE);
          Files.copy(side.file(), side.path("target"), REPLACE_EXISTING);
          seen.is("written", 4096, replaced.write(ByteBuffer.allocate(4096), 4096));
          seen.is("size of the replaced", 8192, replaced.size());
          seen.content("content", bytes, side.path("target"));
        });
  }

  private static void streams(Cases.Of files) {
    files.add(
        "Copies all bytes from an input stream to a file.",
        (side, seen) -> {
          byte[] bytes = Bytes.of(1, LARGE);
          ByteArrayInputStream in = new ByteArrayInputStream(bytes);
          seen.is("copied", LARGE, Files.copy(in, side.file()));
          seen.is("at its end", -1, in.read());
          seen.content("content", bytes, side.file());
          seen.fails(
              FileAlreadyExistsException.class,
              "again",
              () -> Files.copy(new ByteArrayInputStream(bytes), side.file()));
          byte[] other = Bytes.of(2, 5000);
          seen.is(
              "replaced",
              5000,
              Files.copy(new ByteArrayInputStream(other), side.file(), REPLACE_EXISTING));
          seen.content("content", other, side.file());
        });
    files.add(
        "Copies all bytes from a file to an output stream.",
        (side, seen) -> {
          byte[] bytes = Bytes.of(1, LARGE);
          FileChannel channel = side.open(CREATE, WRITE);
          seen.is("written", LARGE, channel.write(ByteBuffer.wrap(bytes)));
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          seen.is("copied", LARGE, Files.copy(side.file(), out));
          seen.content("content", bytes, out.toByteArray());
          FileOutputStream target = side.keep(new FileOutputStream(side.path("copy").toFile()));
          target.write(7);
          seen.is("copied", LARGE, Files.copy(side.file(), target));
          target.write(8);
          seen.is("size", LARGE + 2, Files.size(side.path("copy")));
        });
  }

  private static void moves(Cases.Of files) {
    files.add(
        "By default, this method attempts to move the file to the target file, failing if the"
            + " target file exists except if the source and target are the same file, in which case"
            + " this method has no effect.",
        (side, seen) -> {
          byte[] bytes = Bytes.of(1, UNALIGNED);
          FileChannel channel = side.open(CREATE, READ, WRITE);
          seen.is("written", UNALIGNED, channel.write(ByteBuffer.wrap(bytes)));
          Files.move(side.file(), side.file());
          side.fill(side.path("other"), 10);
          seen.fails(
              FileAlreadyExistsException.class,
              "exists",
              () -> Files.move(side.file(), side.path("other")));
          Files.move(side.file(), side.path("moved"));
          seen.is("there", false, Files.exists(side.file()));
          seen.content("content", bytes, side.path("moved"));
          seen.is("written", 100, channel.write(ByteBuffer.allocate(100)));
          seen.is("size", UNALIGNED + 100, Files.size(side.path("moved")));
        });
    files.add(
        "The move is performed as an atomic file system operation and all other options are"
            + " ignored.",
        (side, seen) -> {
          // As it is done everywhere: written elsewhere, forced, moved over the old one.
          for (int i = 0; i < 10; i++) {
            byte[] bytes = Bytes.of(i, 1 + i * 5003);
            FileChannel channel = side.openAt(side.path("new"), CREATE, WRITE);
            seen.is("written", bytes.length, channel.write(ByteBuffer.wrap(bytes)));
            channel.force(true);
            if (i % 2 == 0) {
              channel.close();
            }
            Files.move(side.path("new"), side.file(), ATOMIC_MOVE);
            seen.content("content", bytes, side.file());
          }
        });
  }

  private static void deletes(Cases.Of files) {
    files.add(
        "true if the file was deleted by this method; false if the file could not be deleted"
            + " because it did not exist",
        (side, seen) -> {
          FileChannel channel = side.open(CREATE, READ, WRITE);
          seen.is("written", UNALIGNED, channel.write(ByteBuffer.allocate(UNALIGNED)));
          seen.holds("deleted", Files.deleteIfExists(side.file()));
          seen.is("deleted again", false, Files.deleteIfExists(side.file()));
          seen.fails(NoSuchFileException.class, "delete", () -> Files.delete(side.file()));
          seen.fails(NoSuchFileException.class, "size", () -> Files.size(side.file()));
          seen.is("size", UNALIGNED, channel.size());
          FileChannel other = side.open(CREATE, READ, WRITE);
          seen.is("size", 0, other.size());
          seen.is("written", 5000, other.write(ByteBuffer.allocate(5000)));
          channel.close();
          seen.is("size", 5000, Files.size(side.file()));
        });
    files.add(
        "If the file is a symbolic link then the symbolic link itself, not the final target of the"
            + " link, is deleted.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          Path link = Files.createSymbolicLink(side.neutral("link"), side.file());
          FileChannel channel = side.openAt(link, READ, WRITE);
          Files.delete(link);
          seen.is("written", 4096, channel.write(ByteBuffer.wrap(bytes, 0, 4096), UNALIGNED));
          seen.is("size", UNALIGNED + 4096, Files.size(side.file()));
        });
  }
}
