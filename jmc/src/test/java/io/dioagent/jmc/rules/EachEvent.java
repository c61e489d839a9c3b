package io.dioagent.jmc.rules;

import io.dioagent.events.DioEvents;
import jdk.jfr.Event;

/** Commits each of dio-agent's events once, with empty fields. */
final class EachEvent implements Runnable {
  @Override
  public void run() {
    for (Class<? extends Event> type : DioEvents.all()) {
      try {
        type.getConstructor().newInstance().commit();
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(type.getName(), e);
      }
    }
  }
}
