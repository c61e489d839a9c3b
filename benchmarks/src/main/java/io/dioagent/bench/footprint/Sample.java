package io.dioagent.bench.footprint;

import java.util.List;

/**
 * A sample of a JVM: one start for the time, and one with a log for all other figures.
 *
 * @param wallMillis time from before the start of its process to after its end
 * @param premainMillis the part of it before the main class was loaded, due to an agent
 * @param peakMib peak resident memory
 * @param classes classes loaded until the program had done its work
 * @param sharedClasses number of these from the JDK's archive of class data
 * @param moduleGraphShared whether the boot layer's modules came from that archive
 * @param ownArchiveUsed whether the program's class came from the program's archive
 * @param threads names of the Java threads that were alive at the end
 */
record Sample(
    double wallMillis,
    double premainMillis,
    double peakMib,
    int classes,
    int sharedClasses,
    boolean moduleGraphShared,
    boolean ownArchiveUsed,
    List<String> threads) {

  Sample {
    threads = List.copyOf(threads);
  }
}
