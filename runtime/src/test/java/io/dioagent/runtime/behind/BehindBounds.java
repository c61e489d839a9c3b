package io.dioagent.runtime.behind;

import io.dioagent.runtime.file.FileContext;
import java.lang.reflect.Field;

/** Gives tests the bound of a device. */
public final class BehindBounds {
  private BehindBounds() {}

  /** Returns whether no caller's write is under way on the device of a file. */
  public static boolean placesAreFree(Trails trails, FileContext file) {
    return trails.of(file.device()).calls().areFree();
  }

  /** Returns whether no file is followed any more. */
  public static boolean areClosed(Trails trails) {
    return trails.count() == 0;
  }

  /** Limits the bytes that are not written back yet, whatever memory is free. */
  public static void limit(Trails trails, FileContext file, long limitBytes) {
    DeviceTrails device = trails.of(file.device());
    try {
      Field looked = DeviceTrails.class.getDeclaredField("lookedNanoTime");
      looked.setAccessible(true);
      looked.set(device, Long.MAX_VALUE / 2 + System.nanoTime()); // Not soon.
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the bound is not looked at", e);
    }
    device.bound().limitTo(limitBytes);
  }
}
