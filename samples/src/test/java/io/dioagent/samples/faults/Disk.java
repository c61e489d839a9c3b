package io.dioagent.samples.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A disk that fails: a file system on a loop device with its backing file on a {@link FaultFs}. */
final class Disk implements Fixture {
  private static final int BLOCK_BYTES = 4096;

  /** A line of {@code filefrag -v}: number, logical blocks, physical blocks, length. */
  private static final Pattern EXTENT =
      Pattern.compile("\\s*\\d+:\\s*(\\d+)\\.\\.\\s*(\\d+):\\s*(\\d+)\\.\\.\\s*(\\d+):.*");

  private final FileSystem type;
  private final FaultFs faults;
  private final LoopDevice loop;
  private final Path mountPoint;
  private Mount mount;

  /** Makes an empty disk. If a step fails, the steps before are undone. */
  static Disk make(WorkDirectory work, FileSystem type, int sectorBytes, String... options) {
    Fixtures made = new Fixtures();
    try {
      FaultFs faults = made.own(new FaultFs(work, type.diskBytes()));
      LoopDevice loop = made.own(new LoopDevice(faults.disk(), sectorBytes));
      Path mountPoint = work.newDirectory("disk");
      Mount mount = Mount.make(type, loop.device(), mountPoint, options);
      return new Disk(type, faults, loop, mountPoint, mount);
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private Disk(FileSystem type, FaultFs faults, LoopDevice loop, Path mountPoint, Mount mount) {
    this.type = type;
    this.faults = faults;
    this.loop = loop;
    this.mountPoint = mountPoint;
    this.mount = mount;
  }

  FaultFs faults() {
    return faults;
  }

  LoopDevice loop() {
    return loop;
  }

  Mount mount() {
    return mount;
  }

  /** Makes a file of zeros, all on the disk and none in the page cache. */
  Path file(String name, long lengthBytes) {
    return zeros(mountPoint.resolve(name), lengthBytes);
  }

  static Path zeros(Path file, long lengthBytes) {
    Command.run(
        "dd",
        "if=/dev/zero",
        "of=" + file,
        "bs=1M",
        "iflag=count_bytes",
        "count=" + lengthBytes,
        "oflag=direct",
        "conv=fsync");
    return file;
  }

  /** Returns the ranges of a part of a file on its device; its ends are multiples of a block. */
  static List<Range> extents(Path file, Range part) {
    List<Range> ranges = new ArrayList<>();
    for (String line : Command.run("filefrag", "-v", "-b" + BLOCK_BYTES, file).lines().toList()) {
      Matcher extent = EXTENT.matcher(line);
      if (!extent.matches()) {
        continue;
      }
      long logical = Long.parseLong(extent.group(1)) * BLOCK_BYTES;
      long end = (Long.parseLong(extent.group(2)) + 1) * BLOCK_BYTES;
      long toPhysical = Long.parseLong(extent.group(3)) * BLOCK_BYTES - logical;
      long from = Math.max(part.from(), logical);
      long to = Math.min(part.to(), end);
      if (from < to) {
        ranges.add(new Range(from + toPhysical, to + toPhysical));
      }
    }
    if (ranges.isEmpty()) {
      throw new IllegalStateException(file + " has no extent in " + part);
    }
    return ranges;
  }

  /** Makes writes to a part of a file fail. */
  void failWrites(Path file, Range part, int errno) {
    extents(file, part).forEach(range -> faults.fail(FaultFs.Op.WRITE, range, errno));
  }

  /** Holds writes to a part of a file until the release. */
  void holdWrites(Path file, Range part) {
    extents(file, part).forEach(range -> faults.hold(FaultFs.Op.WRITE, range));
  }

  /** Delays writes to a part of a file. */
  void delayWrites(Path file, Range part, long millis) {
    extents(file, part).forEach(range -> faults.delay(FaultFs.Op.WRITE, range, millis));
  }

  /** Unmounts and mounts again, so that reads come from the disk. */
  void remount() {
    mount.close();
    mount = null;
    mount = Mount.again(type, loop.device(), mountPoint);
  }

  @Override
  public void release() {
    faults.release();
  }

  @Override
  public void close() {
    Fixtures parts = new Fixtures();
    parts.own(faults);
    parts.own(loop);
    if (mount != null) {
      parts.own(mount);
    }
    parts.close();
  }
}
