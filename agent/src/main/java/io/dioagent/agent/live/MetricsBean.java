package io.dioagent.agent.live;

import io.dioagent.agent.CallerRights;
import io.dioagent.agent.management.MetricsMXBean;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.Measurements;
import io.dioagent.runtime.api.Statistics;
import java.util.List;
import java.util.Map;

/** The numbers of the agent as plain attributes. Thread-safe. */
final class MetricsBean implements MetricsMXBean {
  private static final double NANOS = 1e9;

  /** The errors that have an attribute of their own. */
  private static final List<String> ERRORS =
      List.of("EIO", "ENOSPC", "EDQUOT", "EROFS", "ENXIO", "ENODEV", "EINVAL", "ENOMEM", "EFBIG");

  private final LiveAgent agent;

  MetricsBean(LiveAgent agent) {
    this.agent = agent;
  }

  private Statistics counted() {
    return agent.runtime().statistics();
  }

  private Measurements measured() {
    return agent.runtime().measurements();
  }

  private List<InFlightRequest> inFlight() {
    return CallerRights.asAgent(agent::inFlight);
  }

  private long errors(String name) {
    return measured().errors().getOrDefault(name, 0L);
  }

  @Override
  public long getWrites() {
    return counted().writes();
  }

  @Override
  public long getDirectBytes() {
    return counted().directBytes();
  }

  @Override
  public long getBufferedBytes() {
    return counted().bufferedBytes();
  }

  @Override
  public long getErrors() {
    return counted().errors();
  }

  @Override
  public long getFailedForces() {
    return measured().failedForces();
  }

  @Override
  public long getLost() {
    return counted().lost();
  }

  @Override
  public long getLate() {
    return counted().late();
  }

  @Override
  public long getNotStarted() {
    return counted().notStarted();
  }

  @Override
  public long getDuplicates() {
    return counted().duplicates();
  }

  @Override
  public long getUnknown() {
    return counted().unknown();
  }

  @Override
  public long getCollisions() {
    return counted().collisions();
  }

  @Override
  public long getStalls() {
    return measured().stalls();
  }

  @Override
  public long getErrorsEIO() {
    return errors("EIO");
  }

  @Override
  public long getErrorsENOSPC() {
    return errors("ENOSPC");
  }

  @Override
  public long getErrorsEDQUOT() {
    return errors("EDQUOT");
  }

  @Override
  public long getErrorsEROFS() {
    return errors("EROFS");
  }

  @Override
  public long getErrorsENXIO() {
    return errors("ENXIO");
  }

  @Override
  public long getErrorsENODEV() {
    return errors("ENODEV");
  }

  @Override
  public long getErrorsEINVAL() {
    return errors("EINVAL");
  }

  @Override
  public long getErrorsENOMEM() {
    return errors("ENOMEM");
  }

  @Override
  public long getErrorsEFBIG() {
    return errors("EFBIG");
  }

  @Override
  public long getErrorsOther() {
    long others = 0;
    for (Map.Entry<String, Long> error : measured().errors().entrySet()) {
      others += ERRORS.contains(error.getKey()) ? 0 : error.getValue();
    }
    return others;
  }

  @Override
  public int getInFlight() {
    return inFlight().size();
  }

  @Override
  public int getOverdue() {
    return (int) inFlight().stream().filter(InFlightRequest::isOverdue).count();
  }

  @Override
  public double getOldestAgeSeconds() {
    return inFlight().stream().mapToLong(InFlightRequest::ageNanos).max().orElse(0) / NANOS;
  }

  @Override
  public int getOpenFiles() {
    return counted().openFiles();
  }

  @Override
  public long getBufferBytes() {
    return counted().bufferBytes();
  }

  @Override
  public long getQuarantinedBytes() {
    return counted().quarantinedBytes();
  }

  @Override
  public double getWriteP50Seconds() {
    return measured().writes().p50Nanos() / NANOS;
  }

  @Override
  public double getWriteP99Seconds() {
    return measured().writes().p99Nanos() / NANOS;
  }

  @Override
  public double getWriteP999Seconds() {
    return measured().writes().p999Nanos() / NANOS;
  }

  @Override
  public double getWriteMaxSeconds() {
    return measured().writes().maxNanos() / NANOS;
  }

  @Override
  public double getForceP50Seconds() {
    return measured().forces().p50Nanos() / NANOS;
  }

  @Override
  public double getForceP99Seconds() {
    return measured().forces().p99Nanos() / NANOS;
  }

  @Override
  public double getForceMaxSeconds() {
    return measured().forces().maxNanos() / NANOS;
  }
}
