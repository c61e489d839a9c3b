package io.dioagent.samples.rules;

import io.dioagent.samples.PlainWriter;
import io.dioagent.samples.stress.AioStress;
import java.util.Arrays;
import java.util.List;

/** A run of a sample in a JVM of its own, healthy or with a defect. */
enum Scenario {
  /** Several threads write whole blocks for some seconds. */
  HEALTHY(
      "",
      AioStress.class,
      "--channel --threads=4 --file-size=8m --record-size=64k"
          + " --stages=write,rewrite,random-write --for=3 FILE"),

  /** No agent, and so no events of it. */
  WITHOUT_AGENT(null, PlainWriter.class, "FILE 8"),

  LOST("deadline=500ms,fault=lose" + Scenario.FOURTH, PlainWriter.class, "FILE 8"),
  LATE(
      "deadline=500ms,on-lost=report,fault=late:for=1s" + Scenario.FOURTH,
      PlainWriter.class,
      "FILE 8"),
  DUPLICATE("fault=duplicate" + Scenario.FOURTH, PlainWriter.class, "FILE 8"),
  ERRORS(
      "fault=eio" + Scenario.FOURTH + ",fault=enospc:offset=20480-24576:count=1",
      PlainWriter.class,
      "FILE 8"),
  COLLISION("fault=invalidate-eio" + Scenario.FOURTH, PlainWriter.class, "FILE 8"),
  STALL("fault=submit-block:for=1s" + Scenario.FOURTH, PlainWriter.class, "FILE 8"),

  /** One write in five takes a tenth of a second. */
  SLOW("fault=delay:for=100ms:rate=0.2:seed=1", PlainWriter.class, "FILE 100"),

  /** Records of one and a half blocks. */
  UNALIGNED(
      "",
      AioStress.class,
      "--channel --threads=4 --file-size=8m --record-size=6k --stages=write FILE"),

  ONE_AT_A_TIME("", PlainWriter.class, "FILE 3000"),

  /** Each record takes sixteen steps, because the depth allows one piece at a time. */
  LITTLE_DEPTH(
      "queue-depth=2,max-io=64k",
      AioStress.class,
      "--channel --threads=2 --file-size=32m --record-size=1m --stages=write FILE"),

  /** Four lost writes hold all the buffer memory of one device. */
  LITTLE_MEMORY(
      "buffer-memory=512k,max-io=64k,deadline=400ms,fault=lose:count=4",
      AioStress.class,
      "--channel --threads=4 --file-size=2m --record-size=256k --stages=write FILE"),

  ONE_TAG_MISSPELT("tag=/nowhere/data/**", PlainWriter.class, "FILE 8"),

  /** The written file is excluded, so that no tag matches. */
  NOTHING_TAGGED("exclude=/**/data", PlainWriter.class, "FILE 8");

  private static final String FOURTH = ":offset=12288-16384:count=1";

  private final String agentOptions;
  private final Class<?> main;
  private final String arguments;

  Scenario(String agentOptions, Class<?> main, String arguments) {
    this.agentOptions = agentOptions;
    this.main = main;
    this.arguments = arguments;
  }

  /** Returns the options besides the tag; null for no agent. */
  String agentOptions() {
    return agentOptions;
  }

  Class<?> main() {
    return main;
  }

  /** Returns the arguments of the sample for a file. */
  List<String> arguments(String file) {
    return Arrays.stream(arguments.split(" ", -1))
        .map(word -> word.equals("FILE") ? file : word)
        .toList();
  }
}
