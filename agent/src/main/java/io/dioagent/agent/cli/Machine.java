package io.dioagent.agent.cli;

import com.google.gson.JsonObject;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.Sysctl;

/**
 * A machine's capabilities for direct writes.
 *
 * @param engine the engine that {@code auto} selects; "none" if none works
 * @param whyNotFirst the reason why it is not the first choice; null if it is
 * @param whyNot the reason why nothing can go direct here; null if it can
 * @param aioMax the limit of AIO requests of all processes together; -1 where it is not known
 * @param aioInUse how many of these are taken; -1 where it is not known
 */
record Machine(String engine, String whyNotFirst, String whyNot, long aioMax, long aioInUse) {
  private static final String LIMIT = "fs/aio-max-nr";
  private static final String IN_USE = "fs/aio-nr";

  static Machine of(DirectRuntime runtime, ChosenEngine engine) {
    long inUse = number(IN_USE); // Before this process takes some.
    String whyNot = runtime.whyNotDirect();
    return new Machine(engine.chosen(), engine.whyNotFirst(), whyNot, number(LIMIT), inUse);
  }

  private static long number(String name) {
    try {
      return Long.parseLong(Sysctl.read(name));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  String text() {
    String limits =
        aioMax < 0 || aioInUse < 0
            ? "AIO limits not known"
            : "AIO requests " + aioInUse + " of " + aioMax + " taken, " + left() + " left";
    String chosen = "engine " + engine + (whyNotFirst == null ? "" : ": " + whyNotFirst);
    return whyNot == null ? chosen + "; " + limits : "not direct: " + whyNot + "; " + limits;
  }

  private long left() {
    return Math.max(0, aioMax - aioInUse);
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("engine", engine);
    json.addProperty("whyNotFirst", whyNotFirst);
    json.addProperty("direct", whyNot == null);
    json.addProperty("whyNot", whyNot);
    json.addProperty("aioMax", aioMax < 0 ? null : aioMax);
    json.addProperty("aioInUse", aioInUse < 0 ? null : aioInUse);
    return json;
  }
}
