package io.dioagent.samples.faults;

import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code HeldWrites LAYER}: a suite in the middle of a test, with stuck writes on one disk and a
 * frozen file system on another. It runs until it is killed.
 */
final class HeldWrites {
  private static final int WRITES = 8;
  private static final int WRITE = 64 << 10;

  private HeldWrites() {}

  public static void main(String[] arguments) throws InterruptedException {
    Layer layer = Layer.valueOf(arguments[0]);
    Run run = new Run();
    System.out.println(run.work().path());
    Disk disk = run.disk(FileSystem.EXT4);
    Path file = disk.file("f", WRITES * WRITE);
    disk.holdWrites(file, Range.of(0, WRITES * WRITE));
    Application application = run.start(layer, file, Duration.ofSeconds(1));
    for (int i = 0; i < WRITES; i++) {
      application.write((long) i * WRITE, WRITE);
    }
    if (Zram.available()) {
      Zram zram = run.own(new Zram(run.work(), 64 << 20));
      Path mountPoint = run.work().newDirectory("frozen");
      run.own(Mount.make(FileSystem.EXT4, zram.device(), mountPoint));
      run.own(new Freeze(mountPoint));
    }
    Wait.until(
        () -> disk.faults().counts().held() == WRITES,
        () -> "held are " + disk.faults().counts() + ", expected " + WRITES);
    System.out.println("held");
    Thread.sleep(Duration.ofDays(1).toMillis());
  }
}
