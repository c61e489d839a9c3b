package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files with several names, with a new name since they were opened, and with none. */
final class ChannelFiles {
  private ChannelFiles() {}

  static void addTo(Cases cases) {
    Cases.Of files = cases.of(Files.class);
    links(files);
    deleted(files);
    moved(files);
  }

  private static void links(Cases.Of files) {
    files.add(
        "Creates a symbolic link to a target (optional operation).",
        (side, seen) -> {
          byte[] before = side.fill(UNALIGNED);
          Path link = Files.createSymbolicLink(side.neutral("link"), side.file());
          FileChannel linked = side.openAt(link, READ, WRITE);
          FileChannel direct = side.open(READ, WRITE);
          byte[] written = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, linked.write(ByteBuffer.wrap(written), 4096));
          seen.is("written", 10, direct.write(ByteBuffer.wrap(written, 0, 10), 0));
          byte[] expected = Lengths.overwritten(before, 4096, written);
          System.arraycopy(written, 0, expected, 0, 10);
          seen.content("content", expected, side.file());
          seen.content("content by the link", expected, link);
          seen.is("size by the link", expected.length, Files.size(link));
        });
    files.add(
        "failing if the file already exists or is a symbolic link.",
        (side, seen) -> {
          Path link = Files.createSymbolicLink(side.path("link"), side.file());
          seen.fails(
              FileAlreadyExistsException.class,
              "open",
              () -> Files.newByteChannel(link, CREATE_NEW, WRITE));
        });
    files.add(
        "This method creates a new directory entry for the file so that it can be accessed using"
            + " link as the path.",
        (side, seen) -> {
          byte[] before = side.fill(UNALIGNED);
          Path link = Files.createLink(side.path("link"), side.file());
          Path far = Files.createLink(side.neutral("far"), side.file());
          byte[] written = Bytes.of(1, 8192);
          FileChannel one = side.openAt(link, READ, WRITE);
          FileChannel untagged = side.openAt(far, READ, WRITE);
          FileChannel two = side.open(READ, WRITE);
          seen.is("written", 8192, one.write(ByteBuffer.wrap(written), UNALIGNED));
          seen.is("size", UNALIGNED + 8192, two.size());
          seen.is("size by the other name", UNALIGNED + 8192, untagged.size());
          seen.is("written", 100, untagged.write(ByteBuffer.wrap(written, 0, 100), 4000));
          byte[] expected = Lengths.joined(before, written);
          System.arraycopy(written, 0, expected, 4000, 100);
          for (FileChannel channel : new FileChannel[] {one, two, untagged}) {
            ByteBuffer read = ByteBuffer.allocate(expected.length);
            seen.is("read", expected.length, channel.read(read, 0));
            seen.content("content", expected, read.array());
          }
          seen.content("content", expected, far);
        });
  }

  private static void deleted(Cases.Of files) {
    files.add(
        "On some operating systems it may not be possible to remove a file when it is open and in"
            + " use by this Java virtual machine or other programs.",
        (side, seen) -> {
          side.fill(UNALIGNED);
          FileChannel opened = side.open(READ, WRITE);
          seen.is("written", 4096, opened.write(ByteBuffer.wrap(Bytes.of(1, 4096)), 0));
          Files.delete(side.file());
          byte[] written = Bytes.of(2, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(written), 8192));
          opened.force(true);
          seen.is("size", 8192 + UNALIGNED, opened.size());
          ByteBuffer read = ByteBuffer.allocate(UNALIGNED);
          seen.is("read", UNALIGNED, opened.read(read, 8192));
          seen.content("content", written, read.array());
          seen.is("there", false, Files.exists(side.file()));
          byte[] other = side.fill(77); // Another file of that name.
          opened.truncate(10);
          seen.is("size", 10, opened.size());
          seen.content("content", other, side.file());
          opened.close();
        });
  }

  private static void moved(Cases.Of files) {
    files.add(
        "Move or rename a file to a target file.",
        (side, seen) -> {
          byte[] before = side.fill(UNALIGNED);
          FileChannel opened = side.open(READ, WRITE);
          seen.is("written", 100, opened.write(ByteBuffer.wrap(before, 0, 100)));
          Path moved = Files.move(side.file(), side.path("moved"));
          Path away = side.neutral("away");
          byte[] written = Bytes.of(2, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(written)));
          byte[] expected = Lengths.overwritten(before, 100, written);
          seen.content("moved", expected, moved);
          Files.move(moved, away);
          seen.is("written", 4096, opened.write(ByteBuffer.wrap(written, 0, 4096), 0));
          System.arraycopy(written, 0, expected, 0, 4096);
          seen.content("moved away", expected, away);
          opened.close();
          seen.content("closed", expected, away);
          Files.move(away, side.file());
          FileChannel back = side.open(READ, WRITE);
          seen.is("size", expected.length, back.size());
        });
    files.add(
        "The move is performed as an atomic file system operation and all other options are"
            + " ignored.",
        (side, seen) -> {
          side.fill(UNALIGNED);
          byte[] other = side.fill(side.path("other"), 5000);
          FileChannel replaced = side.open(READ, WRITE);
          FileChannel moved = side.openAt(side.path("other"), READ, WRITE);
          Files.move(
              side.path("other"),
              side.file(),
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.ATOMIC_MOVE);
          seen.is("written", 8192, replaced.write(ByteBuffer.wrap(Bytes.of(3, 8192)), 0));
          seen.is("size of the replaced", UNALIGNED, replaced.size());
          seen.is("size of the moved", 5000, moved.size());
          seen.content("content", other, side.file());
        });
  }
}
