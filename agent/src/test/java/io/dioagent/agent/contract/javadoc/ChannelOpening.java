package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** How a channel is opened. */
final class ChannelOpening {
  private ChannelOpening() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    defaults(channel);
    appending(channel);
    options(channel);
    deletedAndSparse(channel);
    syncing(channel, "file's content or metadata", SYNC);
    syncing(channel, "file's content", DSYNC);
    invalidOptionsAndAttributes(channel);
    channel.add("An implementation may also support additional options.", ChannelOpening::direct);
    ofStreams(channel);
  }

  private static void defaults(Cases.Of channel) {
    channel.add(
        "If neither option (or the APPEND option) is contained in the array then the file is"
            + " opened for reading.",
        (side, seen) -> {
          byte[] bytes = side.fill(UNALIGNED);
          FileChannel opened = side.open();
          ByteBuffer buffer = ByteBuffer.allocate(UNALIGNED);
          seen.is("read", UNALIGNED, opened.read(buffer));
          seen.content("content", bytes, buffer.array());
          seen.fails(
              NonWritableChannelException.class,
              "write",
              () -> opened.write(ByteBuffer.allocate(1)));
        });
    channel.add(
        "By default reading or writing commences at the beginning of the file.",
        (side, seen) -> {
          byte[] before = side.fill(UNALIGNED);
          byte[] written = Bytes.of(1, 5000);
          FileChannel opened = side.open(WRITE);
          seen.is("position", 0, opened.position());
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(written)));
          seen.content("content", Lengths.overwritten(before, 0, written), side.file());
        });
  }

  private static void options(Cases.Of channel) {
    channel.add(
        "This option may not be used in conjunction with the READ or TRUNCATE_EXISTING options.",
        (side, seen) -> {
          byte[] before = side.fill(UNALIGNED);
          seen.fails(IllegalArgumentException.class, "read", () -> side.open(APPEND, READ));
          seen.fails(
              IllegalArgumentException.class,
              "truncate",
              () -> side.open(APPEND, TRUNCATE_EXISTING));
          seen.content("content", before, side.file());
        });
    channel.add(
        "If this option is present then the existing file is truncated to a size of 0 bytes.",
        (side, seen) -> {
          side.fill(UNALIGNED);
          FileChannel opened = side.open(WRITE, TRUNCATE_EXISTING);
          seen.is("size", 0, opened.size());
          seen.is("written", 5000, opened.write(ByteBuffer.wrap(Bytes.of(1, 5000))));
          FileChannel again = side.open(WRITE, TRUNCATE_EXISTING);
          seen.is("size of the first", 0, opened.size());
          seen.is("position of the first", 5000, opened.position());
          seen.is("size of the second", 0, again.size());
        });
    channel.add(
        "This option is ignored when the file is opened only for reading.",
        (side, seen) -> {
          byte[] before = side.fill(UNALIGNED);
          seen.is("size", UNALIGNED, side.open(READ, TRUNCATE_EXISTING).size());
          seen.is("size, new", UNALIGNED, side.open(READ, CREATE_NEW).size());
          seen.content("content", before, side.file());
          Files.delete(side.file());
          seen.fails(NoSuchFileException.class, "create", () -> side.open(READ, CREATE));
        });
    channel.add(
        "If this option is present then a new file is created, failing if the file already exists.",
        (side, seen) -> {
          FileChannel opened = side.open(CREATE_NEW, WRITE);
          byte[] written = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(written)));
          seen.fails(FileAlreadyExistsException.class, "again", () -> side.open(CREATE_NEW, WRITE));
          seen.content("content", written, side.file());
        });
    channel.add(
        "If this option is present then an existing file is opened if it exists, otherwise a new"
            + " file is created.",
        (side, seen) -> {
          FileChannel made = side.open(CREATE, WRITE);
          byte[] written = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, made.write(ByteBuffer.wrap(written)));
          FileChannel found = side.open(CREATE, READ, WRITE);
          seen.is("size", UNALIGNED, found.size());
          seen.is("position", 0, found.position());
          seen.content("content", written, side.file());
        });
  }

  private static void deletedAndSparse(Cases.Of channel) {
    channel.add(
        "attempt to delete the file when closed by the close method.",
        (side, seen) -> {
          FileChannel opened = side.open(CREATE, READ, WRITE, DELETE_ON_CLOSE);
          byte[] written = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(written)));
          ByteBuffer read = ByteBuffer.allocate(UNALIGNED);
          seen.is("read", UNALIGNED, opened.read(read, 0));
          seen.content("content", written, read.array());
          opened.close();
          seen.is("there", false, Files.exists(side.file()));
        });
    channel.add(
        "When creating a new file this option is a hint that the new file will be sparse.",
        (side, seen) -> {
          FileChannel opened = side.open(CREATE_NEW, READ, WRITE, SPARSE);
          long far = 1L << 32;
          byte[] written = Bytes.of(1, UNALIGNED);
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(written), far + 7));
          seen.is("size", far + 7 + UNALIGNED, opened.size());
          ByteBuffer read = ByteBuffer.allocate(UNALIGNED);
          seen.is("read", UNALIGNED, opened.read(read, far + 7));
          seen.content("content", written, read.array());
          opened.truncate(8192); // For the comparison of the whole file, which reads it.
        });
  }

  private static void invalidOptionsAndAttributes(Cases.Of channel) {
    channel.add(
        "If the set contains an invalid combination of options",
        (side, seen) ->
            seen.fails(
                IllegalArgumentException.class,
                "open",
                () -> side.open(CREATE, APPEND, TRUNCATE_EXISTING)));
    channel.add(
        "or an unsupported open option is specified",
        (side, seen) -> {
          OpenOption unknown =
              new OpenOption() {
                @Override
                public String toString() {
                  return "unknown";
                }
              };
          seen.fails(
              UnsupportedOperationException.class, "open", () -> side.open(CREATE, WRITE, unknown));
        });
    channel.add(
        "to set atomically when creating the file",
        (side, seen) -> {
          FileChannel opened =
              side.keep(
                  FileChannel.open(
                      side.file(),
                      Set.of(CREATE_NEW, WRITE),
                      PosixFilePermissions.asFileAttribute(
                          PosixFilePermissions.fromString("rw-------"))));
          seen.is("written", 4096, opened.write(ByteBuffer.wrap(Bytes.of(1, 4096))));
          seen.is(
              "permissions",
              PosixFilePermissions.fromString("rw-------"),
              Files.getPosixFilePermissions(side.file()));
        });
  }

  private static void ofStreams(Cases.Of channel) {
    channel.add(
        "instance will be open for writing.",
        (side, seen) -> {
          FileChannel opened = side.output(false).getChannel();
          seen.is("written", UNALIGNED, opened.write(ByteBuffer.wrap(Bytes.of(1, UNALIGNED))));
          seen.fails(
              NonReadableChannelException.class,
              "read",
              () -> opened.read(ByteBuffer.allocate(1), 0));
        });
    channel.add(
        "instance will be open for reading if the instance was created with mode \"r\" and will be"
            + " open for reading and writing if the instance was created with mode \"rw\".",
        (side, seen) -> {
          byte[] before = side.fill(UNALIGNED);
          FileChannel reading = side.random("r").getChannel();
          seen.fails(
              NonWritableChannelException.class,
              "write",
              () -> reading.write(ByteBuffer.allocate(1)));
          FileChannel both = side.random("rw").getChannel();
          byte[] written = Bytes.of(1, 4096);
          seen.is("written", 4096, both.write(ByteBuffer.wrap(written), 4096));
          ByteBuffer read = ByteBuffer.allocate(UNALIGNED);
          seen.is("read", UNALIGNED, reading.read(read));
          seen.content("content", Lengths.overwritten(before, 4096, written), read.array());
        });
  }

  private static void appending(Cases.Of channel) {
    channel.add(
        "each invocation of the channel's write method first advances the position to the end of"
            + " the file and then writes the requested data.",
        (side, seen) -> {
          byte[] expected = side.fill(5000);
          FileChannel opened = side.open(APPEND);
          FileChannel other = side.open(WRITE);
          for (int length : Lengths.ALL) {
            byte[] more = Bytes.of(length, 333);
            seen.is("written beside", 333, other.write(ByteBuffer.wrap(more), expected.length));
            expected = Lengths.joined(expected, more);
            byte[] written = Bytes.of(1, length);
            seen.value("position before", opened.position());
            seen.is("written", length, opened.write(ByteBuffer.wrap(written)));
            expected = Lengths.joined(expected, written);
            seen.is("position", expected.length, opened.position());
            seen.is("size", expected.length, opened.size());
          }
          seen.content("content", expected, side.file());
        });
    channel.add(
        "In this mode each invocation of a relative write operation first advances the position to"
            + " the end of the file and then writes the requested data.",
        (side, seen) -> {
          byte[] before = side.fill(5000);
          FileChannel opened = side.output(true).getChannel();
          opened.position(17);
          seen.value("position set", opened.position());
          byte[] written = Bytes.of(1, UNALIGNED);
          ByteBuffer[] parts = {
            ByteBuffer.wrap(written, 0, 7), ByteBuffer.wrap(written, 7, UNALIGNED - 7)
          };
          seen.is("written", UNALIGNED, opened.write(parts));
          seen.is("position", 5000 + UNALIGNED, opened.position());
          seen.content("content", Lengths.joined(before, written), side.file());
        });
  }

  private static void syncing(Cases.Of channel, String what, OpenOption option) {
    channel.add(
        "Requires that every update to the "
            + what
            + " be written synchronously to the underlying"
            + " storage device.",
        (side, seen) -> {
          FileChannel opened = side.open(CREATE, READ, WRITE, option);
          byte[] expected = new byte[0];
          for (int length : Lengths.ALL) {
            byte[] written = Bytes.of(length, length);
            seen.is("written", length, opened.write(ByteBuffer.wrap(written)));
            expected = Lengths.joined(expected, written);
          }
          seen.channel("channel", opened);
          seen.content("content", expected, side.file());
        });
  }

  /** {@code ExtendedOpenOption.DIRECT}. */
  private static void direct(Side side, Seen seen) throws Exception {
    OpenOption option =
        (OpenOption)
            Class.forName("com.sun.nio.file.ExtendedOpenOption").getField("DIRECT").get(null);
    FileChannel opened;
    try {
      opened = side.open(CREATE, READ, WRITE, option);
    } catch (UnsupportedOperationException | IOException e) {
      throw new Skipped("no direct I/O on " + Files.getFileStore(side.path("")) + ": " + e);
    }
    byte[] written = Bytes.of(1, 3 * 4096);
    ByteBuffer buffer = Lengths.aligned(written);
    seen.is("written", written.length, opened.write(buffer));
    seen.buffer("buffer", buffer);
    seen.fails(
        IOException.class, "unaligned length", () -> opened.write(Lengths.aligned(new byte[100])));
    seen.fails(
        IOException.class, "unaligned position", () -> opened.write(Lengths.aligned(written), 1));
    seen.is("overwritten", 4096, opened.write(Lengths.aligned(Bytes.of(2, 4096)), 4096));
    seen.channel("channel", opened);
    ByteBuffer read = Lengths.aligned(new byte[written.length]);
    seen.is("read", written.length, opened.read(read, 0));
    byte[] all = new byte[written.length];
    read.flip().get(all);
    seen.content("content", Lengths.overwritten(written, 4096, Bytes.of(2, 4096)), all);
  }
}
