package io.dioagent.agent.contract.javadoc;

import java.util.ArrayList;
import java.util.List;

/** Collects cases, in order. Used by one thread. */
public final class Cases {
  /** The first JDK that the agent knows. */
  private static final int OLDEST_FEATURE = 17;

  private final List<Case> all = new ArrayList<>();

  private Cases() {}

  /** Every case there is, whatever the JDK. */
  public static List<Case> all() {
    Cases cases = new Cases();
    ChannelOpening.addTo(cases);
    ChannelFiles.addTo(cases);
    ChannelWriting.addTo(cases);
    ChannelGathering.addTo(cases);
    ChannelReading.addTo(cases);
    ChannelSize.addTo(cases);
    ChannelViews.addTo(cases);
    ChannelBuffers.addTo(cases);
    ChannelTransfers.addTo(cases);
    ChannelMapping.addTo(cases);
    ChannelLocks.addTo(cases);
    ChannelClosing.addTo(cases);
    ChannelThreads.addTo(cases);
    Arenas.addTo(cases);
    RandomAccessFiles.addTo(cases);
    OutputStreams.addTo(cases);
    InputStreams.addTo(cases);
    FilesWriting.addTo(cases);
    FilesCopying.addTo(cases);
    AsynchronousOpening.addTo(cases);
    AsynchronousWriting.addTo(cases);
    AsynchronousReading.addTo(cases);
    AsynchronousLocks.addTo(cases);
    AsynchronousClosing.addTo(cases);
    return List.copyOf(cases.all);
  }

  /** Takes the cases of one class's Javadoc. */
  Of of(Class<?> documented) {
    return new Of(documented, OLDEST_FEATURE);
  }

  /** Takes cases of Javadoc that only newer JDKs have. */
  Of of(Class<?> documented, int sinceFeature) {
    return new Of(documented, sinceFeature);
  }

  /** The cases of one class's Javadoc. */
  final class Of {
    private final Class<?> documented;
    private final int sinceFeature;

    private Of(Class<?> documented, int sinceFeature) {
      this.documented = documented;
      this.sinceFeature = sinceFeature;
    }

    /** Adds a case. */
    void add(String sentence, Case.Body body) {
      all.add(new Case(all.size() + 1, documented, sentence, sinceFeature, body));
    }
  }
}
