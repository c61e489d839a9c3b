package io.dioagent.agent.contract;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;

/** Operations that open the file, in each way the JDK has. Not thread-safe. */
final class Opening {
  private final Dice dice;

  Opening(Dice dice) {
    this.dice = dice;
  }

  /** What the run begins with. */
  static Operation readWrite(int slot) {
    return channel(
        slot, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  Operation next(int slot) {
    int kind = dice.below(100);
    if (kind < 60) {
      return channel(slot, options());
    } else if (kind < 80) {
      String mode = dice.oneOf("rw", "rw", "rw", "rw", "r", "rwd", "rws");
      return new Operation(
          "new RandomAccessFile " + mode + " at " + slot,
          null,
          side -> {
            RandomAccessFile file = new RandomAccessFile(side.file().toFile(), mode);
            side.put(slot, Handle.of(file, !mode.equals("r")));
            return "opened";
          });
    } else if (kind < 95) {
      boolean append = dice.percent(80);
      return new Operation(
          "new FileOutputStream" + (append ? " append" : "") + " at " + slot,
          null,
          side -> {
            side.put(slot, Handle.of(new FileOutputStream(side.file().toFile(), append)));
            return "opened";
          });
    }
    return new Operation(
        "new FileInputStream at " + slot,
        null,
        side -> {
          side.put(slot, Handle.of(new FileInputStream(side.file().toFile())));
          return "opened";
        });
  }

  private Set<OpenOption> options() {
    Set<OpenOption> options = new LinkedHashSet<>();
    int kind = dice.below(10);
    if (kind < 6) {
      options.add(StandardOpenOption.READ);
      options.add(StandardOpenOption.WRITE);
    } else if (kind < 8) {
      options.add(StandardOpenOption.APPEND);
    } else if (kind < 9) {
      options.add(StandardOpenOption.WRITE);
    }
    if (dice.percent(70)) {
      options.add(StandardOpenOption.CREATE);
    }
    addSometimes(options, 7, StandardOpenOption.SYNC);
    addSometimes(options, 7, StandardOpenOption.DSYNC);
    addSometimes(options, 5, StandardOpenOption.TRUNCATE_EXISTING);
    addSometimes(options, 5, StandardOpenOption.SPARSE);
    addSometimes(options, 2, StandardOpenOption.CREATE_NEW);
    addSometimes(options, 3, StandardOpenOption.READ);
    return options;
  }

  private void addSometimes(Set<OpenOption> options, int chance, OpenOption option) {
    if (dice.percent(chance)) {
      options.add(option);
    }
  }

  private static Operation channel(int slot, Set<OpenOption> options) {
    boolean writes =
        options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    boolean reads = options.contains(StandardOpenOption.READ) || !writes;
    return new Operation(
        "open " + options + " at " + slot,
        null,
        side -> {
          FileChannel channel = FileChannel.open(side.file(), options);
          side.put(slot, Handle.of(channel, reads, writes));
          return "opened";
        });
  }

  /** Operations of Files, which open a channel, write and close it; or move and delete the file. */
  static Operation wholeFile(Dice dice, long sizeBytes) {
    byte[] bytes = Bytes.of(dice.number(), dice.length());
    int kind = dice.below(10);
    String text = "Files." + bytes.length + ", kind ";
    if (kind < 3) {
      return new Operation(
          text + "write",
          Operation.Range.around(0, bytes.length),
          side -> Files.write(side.file(), bytes).equals(side.file()));
    } else if (kind < 6) {
      return new Operation(
          text + "write append",
          Operation.Range.around(sizeBytes, bytes.length),
          side -> Files.write(side.file(), bytes, StandardOpenOption.APPEND).equals(side.file()));
    } else if (kind < 8) {
      return new Operation(
          text + "newOutputStream, in three",
          Operation.Range.around(0, bytes.length),
          side -> {
            try (OutputStream stream =
                Files.newOutputStream(
                    side.file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
              int third = bytes.length / 3;
              stream.write(bytes, 0, third);
              stream.write(bytes, third, third);
              stream.write(bytes, 2 * third, bytes.length - 2 * third);
            }
            return "written";
          });
    } else if (kind < 9) {
      return new Operation(
          text + "copy over it",
          Operation.Range.around(0, bytes.length),
          side -> {
            side.detachAll();
            return Files.copy(
                new ByteArrayInputStream(bytes), side.file(), StandardCopyOption.REPLACE_EXISTING);
          });
    }
    boolean move = dice.percent(50);
    return new Operation(
        move ? "Files.move and back" : "Files.delete",
        null,
        side -> {
          if (move) {
            move(side);
            return "moved";
          }
          side.detachAll();
          Files.delete(side.file());
          return "deleted";
        });
  }

  private static void move(FileSide side) throws IOException {
    Files.move(side.file(), side.sink(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(side.sink(), side.file());
  }
}
