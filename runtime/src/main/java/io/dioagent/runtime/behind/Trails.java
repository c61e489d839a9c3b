package io.dioagent.runtime.behind;

import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The trails of all files of one runtime. Thread-safe. */
public final class Trails {
  private final RuntimeContext runtime;
  private final ConcurrentMap<FileNode, Trail> trails = new ConcurrentHashMap<>();
  private final ConcurrentMap<Device, DeviceTrails> devices = new ConcurrentHashMap<>();

  public Trails(RuntimeContext runtime) {
    this.runtime = runtime;
  }

  DeviceTrails of(Device device) {
    DeviceTrails known = devices.get(device);
    return known != null
        ? known
        : devices.computeIfAbsent(device, one -> new DeviceTrails(runtime, one));
  }

  /** Returns the trail of a file's node, to be left once. Opens a descriptor, which may block. */
  Trail enter(FileContext file) {
    FileNode node = file.node();
    while (true) {
      Trail known = trails.get(node);
      if (known != null && known.enter(file)) {
        return known;
      }
      if (known != null) {
        trails.remove(node, known); // It is being closed.
      }
      Trail made = new Trail(this, of(file.device()), file);
      boolean added = false;
      try {
        added = trails.putIfAbsent(node, made) == null;
      } finally {
        if (!added) {
          made.leave();
        }
      }
      if (added) {
        return made;
      }
    }
  }

  /** Has all that is to be written back to a device written back now. Does not wait for that. */
  void flushAll(DeviceTrails device) {
    for (Trail trail : trails.values()) {
      if (trail.device() == device) {
        trail.flushAll();
      }
    }
  }

  void closed(Trail trail) {
    trails.remove(trail.node(), trail);
  }

  /** Returns how many there are that are not closed. */
  int count() {
    return trails.size();
  }

  /** Returns the bytes that are not written back yet, of all devices. */
  public long dirtyBytes() {
    long sum = 0;
    for (DeviceTrails device : devices.values()) {
      sum += device.bound().bytes();
    }
    return sum;
  }
}
