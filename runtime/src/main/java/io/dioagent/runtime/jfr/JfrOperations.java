package io.dioagent.runtime.jfr;

import io.dioagent.events.AgentConfiguration;
import io.dioagent.events.Force;
import io.dioagent.events.Read;
import io.dioagent.events.TaggedFile;
import io.dioagent.events.Transfer;
import io.dioagent.events.Write;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import java.util.List;
import jdk.jfr.Event;

/**
 * Commits the events of operations, files and settings. Separate from {@link JfrEventSink}, so that
 * no verifier loads an event class before JFR has started. Thread-safe.
 */
final class JfrOperations {
  private JfrOperations() {}

  static Object beginWrite() {
    return begun(new Write());
  }

  static Object beginRead() {
    return begun(new Read());
  }

  static Object beginForce() {
    return begun(new Force());
  }

  /** Returns the event, timed from now on; null if no recording asks for it. */
  private static Object begun(Event event) {
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  static void endTransfer(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    Transfer event = (Transfer) token;
    event.end();
    if (event.shouldCommit()) {
      JfrFields.fillEnd(event, request, result);
      event.directBytes = directBytes;
      event.bufferedBytes = bufferedBytes;
      event.ios = ios;
      event.commit();
    }
  }

  static void endForce(Object token, String path, boolean metadata, long result) {
    Force event = (Force) token;
    event.end();
    if (event.shouldCommit()) {
      event.path = path;
      event.metadata = metadata;
      event.errno = JfrFields.errno(result);
      event.errnoName = JfrFields.errnoName(result);
      event.commit();
    }
  }

  static void taggedFile(
      String path, boolean direct, int offsetAlignBytes, int memoryAlignBytes, String reason) {
    TaggedFile event = new TaggedFile();
    if (event.shouldCommit()) {
      event.path = path;
      event.direct = direct;
      event.offsetAlign = offsetAlignBytes;
      event.memoryAlign = memoryAlignBytes;
      event.reason = reason;
      event.commit();
    }
  }

  static void settings(List<Setting> settings) {
    for (Setting setting : settings) {
      AgentConfiguration event = new AgentConfiguration();
      event.key = setting.key();
      event.value = setting.value();
      event.source = setting.source();
      event.commit();
    }
  }
}
