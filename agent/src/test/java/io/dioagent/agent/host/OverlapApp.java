package io.dioagent.agent.host;

import io.dioagent.agent.host.OverlapRound.Extent;
import io.dioagent.agent.host.OverlapRound.Writer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes that overlap, many rounds of them, each on a new file:
 *
 * <pre>
 * threads    12 threads, one channel
 * links      12 threads, two channels: by the file's name, and by a hard link in another directory
 * async      12 pending writes of an asynchronous channel
 * mixed      as async, on a file that was written before; each second write is of whole blocks
 * block      three whole blocks, and 100 bytes within one of them, by one channel or two
 * bytes      three whole blocks, and 100 single bytes of a RandomAccessFile within one of them
 * </pre>
 *
 * <p>Arguments: which, two directories, rounds, seed. The last line it prints has the counts.
 */
public final class OverlapApp {
  private static final OpenOption[] READ_WRITE = {
    StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE
  };
  private static final int WRITES = 12;
  private static final int BLOCKS = 16;
  private static final int FEW_BYTES = 100;

  private final Path file;
  private final Path link;
  private final Random random;
  private final AtomicInteger writeErrors = new AtomicInteger();
  private int forceErrors;
  private int wrong;

  private OverlapApp(Path directory, Path otherDirectory, long seed) {
    file = directory.resolve("file");
    link = otherDirectory.resolve("link");
    random = new Random(seed);
  }

  public static void main(String[] arguments) throws Exception {
    OverlapApp app =
        new OverlapApp(Path.of(arguments[1]), Path.of(arguments[2]), Long.parseLong(arguments[4]));
    int rounds = Integer.parseInt(arguments[3]);
    for (int i = 0; i < rounds; i++) {
      app.round(arguments[0]);
    }
    System.out.println(
        rounds
            + " rounds: "
            + app.wrong
            + " wrong, "
            + app.writeErrors
            + " write errors, "
            + app.forceErrors
            + " force errors");
  }

  private void round(String which) throws Exception {
    Files.deleteIfExists(file);
    Files.deleteIfExists(link);
    boolean inBlocks = !which.equals("threads") && !which.equals("links") && !which.equals("async");
    byte[] before = new byte[inBlocks ? BLOCKS * OverlapRound.BLOCK : 0];
    Arrays.fill(before, (byte) 77);
    Files.write(file, before);
    Files.createLink(link, file);
    OverlapRound round = new OverlapRound(before, writeErrors);
    switch (which) {
      case "threads" -> random(round, false);
      case "links" -> random(round, true);
      case "async" -> async(round, false);
      case "mixed" -> async(round, true);
      case "block" -> block(round);
      case "bytes" -> bytes(round);
      default -> throw new IllegalArgumentException(which);
    }
    wrong += round.isRight(file) ? 0 : 1;
  }

  private void random(OverlapRound round, boolean links) throws Exception {
    try (FileChannel one = FileChannel.open(file, READ_WRITE);
        FileChannel other = FileChannel.open(link, READ_WRITE)) {
      for (int i = 0; i < WRITES; i++) {
        Extent unused = round.addRandom(random);
      }
      round.writeAtOnce(links ? List.of(by(one), by(other)) : List.of(by(one)));
      force(one);
      force(other);
    }
  }

  private static Writer by(FileChannel channel) {
    return extent -> {
      int written = channel.write(extent.bytes(), extent.offset());
      if (written != extent.length()) {
        throw new IOException(written + " bytes written");
      }
    };
  }

  private void force(FileChannel channel) {
    try {
      channel.force(true);
    } catch (IOException e) {
      forceErrors++;
      System.out.println("force: " + e);
    }
  }

  private void async(OverlapRound round, boolean blocks) throws Exception {
    try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, READ_WRITE)) {
      List<Extent> extents = new ArrayList<>();
      List<Future<Integer>> ends = new ArrayList<>();
      for (int i = 0; i < WRITES; i++) {
        boolean whole = blocks && i % 2 == 0;
        Extent extent =
            whole ? round.add(someBlocks(), 3 * OverlapRound.BLOCK) : round.addRandom(random);
        extents.add(extent);
        ends.add(channel.write(extent.bytes(), extent.offset()));
      }
      for (int i = 0; i < WRITES; i++) {
        try {
          int written = ends.get(i).get();
          if (written != extents.get(i).length()) {
            throw new IOException(written + " bytes written");
          }
        } catch (ExecutionException | IOException e) {
          round.failed(extents.get(i), e);
        }
      }
      try {
        channel.force(true);
      } catch (IOException e) {
        forceErrors++;
        System.out.println("force: " + e);
      }
    }
  }

  /** Where three blocks begin. */
  private int someBlocks() {
    return random.nextInt(BLOCKS - 2) * OverlapRound.BLOCK;
  }

  private int withinOneOf(int blocks) {
    int within = random.nextInt(OverlapRound.BLOCK - FEW_BYTES);
    return blocks + random.nextInt(3) * OverlapRound.BLOCK + within;
  }

  private void block(OverlapRound round) throws Exception {
    try (FileChannel one = FileChannel.open(file, READ_WRITE);
        FileChannel other = FileChannel.open(link, READ_WRITE)) {
      int blocks = someBlocks();
      Extent three = round.add(blocks, 3 * OverlapRound.BLOCK);
      Extent few = round.add(withinOneOf(blocks), FEW_BYTES);
      boolean same = random.nextBoolean();
      boolean swapped = random.nextBoolean();
      round.writeAtOnce(
          List.of(by(swapped && !same ? other : one), by(swapped || same ? one : other)));
      force(one);
      force(other);
      if (three.covers(few.offset()) && !three.covers(few.offset() + few.length() - 1)) {
        throw new IllegalStateException(three + " " + few);
      }
    }
  }

  private void bytes(OverlapRound round) throws Exception {
    try (FileChannel channel = FileChannel.open(file, READ_WRITE);
        RandomAccessFile bytewise = new RandomAccessFile(link.toFile(), "rw")) {
      int blocks = someBlocks();
      Extent three = round.add(blocks, 3 * OverlapRound.BLOCK);
      Extent few = round.add(withinOneOf(blocks), FEW_BYTES);
      bytewise.seek(few.offset());
      // More than once, so that there is a write of blocks while a byte is written.
      Writer again =
          extent -> {
            for (int i = 0; i < 4; i++) {
              ByteBuffer bytes = extent.bytes();
              if (channel.write(bytes, extent.offset()) != extent.length()) {
                throw new IOException("short");
              }
            }
          };
      Writer single =
          extent -> {
            for (int i = 0; i < extent.length(); i++) {
              bytewise.write(extent.value());
            }
          };
      round.writeAtOnce(List.of(again, single));
      if (!three.covers(few.offset())) {
        throw new IllegalStateException(three + " " + few);
      }
      force(channel);
      force(bytewise.getChannel());
    }
  }
}
