package io.dioagent.agent.contract.random;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;

/** Operations that open the file, in each way the JDK has, or close it. Not thread-safe. */
final class Opening {
  private final Choices choices;
  private final Dice dice;

  Opening(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(30, () -> channel(choices.anySlot(), options(), name(dice)));
    menu.add(10, () -> outputStream(choices.anySlot(), dice.percent(80), name(dice)));
    menu.add(6, () -> inputStream(choices.anySlot(), name(dice)));
    menu.add(10, this::close);
  }

  void addHoldingTo(Menu menu) {
    menu.add(
        10, () -> randomAccessFile(choices.anySlot(), dice.oneOf("rw", "rw", "r"), name(dice)));
    menu.add(4, () -> randomAccessFile(choices.anySlot(), dice.oneOf("rwd", "rws"), name(dice)));
  }

  /** Closes what has the file written synchronously, and unmaps it. */
  static Operation letGo() {
    return new Operation(
        "let go",
        null,
        side -> {
          side.mappings().close();
          System.gc();
          for (int slot = 0; slot < FileSide.SLOTS; slot++) {
            Handle handle = side.handle(slot);
            if (handle != null
                && (handle.randomAccessFile() != null || handle.outputStream() != null)) {
              side.handles().put(slot, null);
            }
          }
          return "let go";
        });
  }

  /** What the run begins with. */
  static Operation readWrite(int slot) {
    return channel(
        slot,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        FileSide.Name.FILE);
  }

  /** Mostly the file's own. */
  static FileSide.Name name(Dice dice) {
    return dice.percent(75) ? FileSide.Name.FILE : dice.oneOf(FileSide.Name.values());
  }

  static void addSometimes(Dice dice, Set<OpenOption> options, int chance, OpenOption option) {
    if (dice.percent(chance)) {
      options.add(option);
    }
  }

  static Operation randomAccessFile(int slot, String mode, FileSide.Name name) {
    return new Operation(
        "new RandomAccessFile " + mode + " by " + name + " at " + slot,
        null,
        side -> {
          RandomAccessFile file = new RandomAccessFile(side.path(name).toFile(), mode);
          side.put(slot, name, Handle.of(file, !mode.equals("r")));
          return "opened";
        });
  }

  static Operation outputStream(int slot, boolean append, FileSide.Name name) {
    return new Operation(
        "new FileOutputStream" + (append ? " append" : "") + " by " + name + " at " + slot,
        null,
        side -> {
          FileOutputStream stream = new FileOutputStream(side.path(name).toFile(), append);
          side.put(slot, name, Handle.of(stream));
          return "opened";
        });
  }

  static Operation inputStream(int slot, FileSide.Name name) {
    return new Operation(
        "new FileInputStream by " + name + " at " + slot,
        null,
        side -> {
          side.put(slot, name, Handle.of(new FileInputStream(side.path(name).toFile())));
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
    addSometimes(dice, options, 70, StandardOpenOption.CREATE);
    addSometimes(dice, options, 7, StandardOpenOption.SYNC);
    addSometimes(dice, options, 7, StandardOpenOption.DSYNC);
    addSometimes(dice, options, 5, StandardOpenOption.TRUNCATE_EXISTING);
    addSometimes(dice, options, 5, StandardOpenOption.SPARSE);
    addSometimes(dice, options, 2, StandardOpenOption.CREATE_NEW);
    addSometimes(dice, options, 3, StandardOpenOption.READ);
    return options;
  }

  private static Operation channel(int slot, Set<OpenOption> options, FileSide.Name name) {
    boolean writes =
        options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    boolean reads = options.contains(StandardOpenOption.READ) || !writes;
    return new Operation(
        "open " + options + " by " + name + " at " + slot,
        null,
        side -> {
          FileChannel channel = FileChannel.open(side.path(name), options);
          side.put(slot, name, Handle.of(channel, reads, writes));
          return "opened";
        });
  }

  private Operation close() {
    int slot = choices.anySlot();
    return new Operation(
        "close " + slot,
        null,
        side -> {
          Choices.channel(side, slot).close();
          return "closed";
        });
  }
}
