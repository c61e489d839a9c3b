package io.dioagent.agent.live;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.CallerRights;
import io.dioagent.agent.management.DirectIoMXBean;
import io.dioagent.agent.management.InFlightRow;
import io.dioagent.agent.options.OptionException;
import io.dioagent.agent.options.PolicyOptions;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.api.AnomalyListener;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.engine.Daemons;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import javax.management.JMException;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;

/** The MBean. A separate thread calls its listeners, so that none delays a write. */
final class DirectIo extends NotificationBroadcasterSupport
    implements DirectIoMXBean, AnomalyListener {
  private static final String LOST = "io.dioagent.lost";
  private static final String DUPLICATE = "io.dioagent.duplicate";

  /**
   * Limits the notifications that wait to be sent. Further ones are dropped, but counted by the
   * counters.
   */
  private static final int MOST_WAITING = 1000;

  private final LiveAgent agent;
  private final ObjectName name;
  private final AtomicLong sequence = new AtomicLong();

  private DirectIo(LiveAgent agent, ObjectName name) {
    super(
        notifier(),
        new MBeanNotificationInfo(
            new String[] {LOST, DUPLICATE},
            Notification.class.getName(),
            "A request passed its deadline, or a second completion came for one"));
    this.agent = agent;
    this.name = name;
  }

  /**
   * Registers it with the platform's MBean server, which is started if it was not.
   *
   * @return null, with a line on stderr, if that failed
   */
  static DirectIo register(LiveAgent agent) {
    try {
      DirectIo bean = new DirectIo(agent, new ObjectName("io.dioagent:type=DirectIo"));
      ManagementFactory.getPlatformMBeanServer().registerMBean(bean, bean.name);
      agent.alsoNotify(bean);
      return bean;
    } catch (JMException | RuntimeException e) {
      AgentLog.warn("no MBean: " + e);
      return null;
    }
  }

  void unregister() {
    agent.alsoNotify(null);
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
    } catch (JMException | RuntimeException e) {
      AgentLog.warn("the MBean stays: " + e);
    }
  }

  /**
   * Creates a pool of one thread, which starts with the first notification and ends when there are
   * no more.
   */
  private static ThreadPoolExecutor notifier() {
    ThreadPoolExecutor notifier =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            // The listeners belong to the application. The pool makes the next thread from the last
            // one.
            task -> Daemons.of(CallerRights.NONE.with(task), "dio-agent-notifications"),
            new ThreadPoolExecutor.DiscardPolicy());
    notifier.allowCoreThreadTimeOut(true);
    return notifier;
  }

  @Override
  public void lost(RequestInfo request, long ageNanos, long deadlineNanos, String reason) {
    send(LOST, "did not end by its deadline", request, ageNanos, reason);
  }

  @Override
  public void duplicate(RequestInfo request, long ageNanos, String reason) {
    send(DUPLICATE, "was completed once more, which was dropped", request, ageNanos, reason);
  }

  @Override
  public void late(RequestInfo request, long ageNanos, long result, boolean delivered) {}

  @Override
  public void failed(RequestInfo request, long ageNanos, long result, String reason) {}

  private void send(String type, String what, RequestInfo of, long ageNanos, String reason) {
    String message =
        "request "
            + of.requestId()
            + " of "
            + of.lengthBytes()
            + " bytes at "
            + of.offset()
            + " of "
            + of.path()
            + " "
            + what
            + ", "
            + TimeUnit.NANOSECONDS.toMillis(ageNanos)
            + " ms after it was made: "
            + reason;
    sendNotification(new Notification(type, name, sequence.incrementAndGet(), message));
  }

  @Override
  public String getVersion() {
    return agent.version();
  }

  @Override
  public Map<String, String> getConfiguration() {
    Map<String, String> all = new LinkedHashMap<>();
    for (Setting setting : agent.settings()) {
      all.merge(setting.key(), setting.value(), (one, other) -> one + ", " + other);
    }
    return all;
  }

  @Override
  public Map<String, Map<String, String>> getTags() {
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    for (TagRule tag : agent.tags()) {
      all.put(tag.name(), PolicyOptions.of(tag));
    }
    return all;
  }

  private long counted(ToLongFunction<Statistics> counter) {
    return counter.applyAsLong(agent.runtime().statistics());
  }

  @Override
  public long getWrites() {
    return counted(Statistics::writes);
  }

  @Override
  public long getDirectBytes() {
    return counted(Statistics::directBytes);
  }

  @Override
  public long getBufferedBytes() {
    return counted(Statistics::bufferedBytes);
  }

  @Override
  public long getErrors() {
    return counted(Statistics::errors);
  }

  @Override
  public long getLost() {
    return counted(Statistics::lost);
  }

  @Override
  public long getLate() {
    return counted(Statistics::late);
  }

  @Override
  public long getNotStarted() {
    return counted(Statistics::notStarted);
  }

  @Override
  public long getDuplicates() {
    return counted(Statistics::duplicates);
  }

  @Override
  public long getUnknown() {
    return counted(Statistics::unknown);
  }

  @Override
  public long getCollisions() {
    return counted(Statistics::collisions);
  }

  @Override
  public int getOpenFiles() {
    return agent.runtime().statistics().openFiles();
  }

  @Override
  public long getBufferBytes() {
    return counted(Statistics::bufferBytes);
  }

  @Override
  public long getQuarantinedBytes() {
    return counted(Statistics::quarantinedBytes);
  }

  @Override
  public List<String> getOpenPaths() {
    return CallerRights.asAgent(() -> List.copyOf(agent.openPaths()));
  }

  @Override
  public List<InFlightRow> getInFlight() {
    return CallerRights.asAgent(
        () -> List.copyOf(agent.inFlight().stream().map(InFlight::new).toList()));
  }

  @Override
  public List<InFlightRow> getOverdue() {
    return getInFlight().stream().filter(InFlightRow::isOverdue).toList();
  }

  @Override
  public void changeTag(String tag, String option, String value) {
    try {
      agent.changeTag(tag, option, value);
    } catch (OptionException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
