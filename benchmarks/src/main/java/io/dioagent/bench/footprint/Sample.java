package io.dioagent.bench.footprint;

import java.util.List;

/**
 * One start of a JVM: timed once without, and looked into once with its log.
 *
 * @param wallMillis from before the start of its process until after its end
 * @param premainMillis what of that passed before the main class was loaded, because of an agent
 * @param peakMib most memory it had resident
 * @param classes loaded until the program had done its work
 * @param sharedClasses how many of these came from the JDK's archive of class data
 * @param moduleGraphShared whether the boot layer's modules came from that archive
 * @param ownArchiveUsed whether the program's class came from an archive of the program's own
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
