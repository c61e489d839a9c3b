package io.dioagent.runtime.engine;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The engine that was asked for, or the first that works: decided when the first context is made,
 * by making it, and not changed any more. While none works, each context that is asked for is
 * another try. Before, {@link #probe} tells which one to expect.
 */
public final class ChosenEngine implements AioEngine {
  private final List<EngineKind> candidates;
  private final AtomicReference<Choice> choice = new AtomicReference<>();
  private volatile Choice expected;

  /**
   * What was chosen.
   *
   * @param whyNotFirst why it is not the first candidate; null if it is
   */
  private record Choice(AioEngine engine, EngineKind kind, String whyNotFirst) {}

  /** One of these engines; nothing is tried before {@link #open}. */
  public ChosenEngine(EngineKind asked) {
    candidates =
        asked == EngineKind.AUTO ? List.of(EngineKind.AIO, EngineKind.PWRITE) : List.of(asked);
  }

  @Override
  public AioContext open(int depth) throws AioUnavailableException {
    Choice known = choice.get();
    return known == null ? choose(depth) : known.engine().open(depth);
  }

  @Override
  public void probe(int depth) throws AioUnavailableException {
    AioUnavailableException whyNotFirst = null;
    for (EngineKind kind : candidates) {
      try {
        AioEngine engine = make(kind);
        engine.probe(depth);
        expected = new Choice(engine, kind, messageOf(whyNotFirst));
        return;
      } catch (AioUnavailableException e) {
        whyNotFirst = whyNotFirst == null ? e : whyNotFirst;
      }
    }
    throw whyNotFirst;
  }

  private AioContext choose(int depth) throws AioUnavailableException {
    AioUnavailableException whyNotFirst = null;
    for (EngineKind kind : candidates) {
      try {
        AioEngine engine = make(kind);
        engine.probe(depth); // A context is made by one call, and used by others.
        AioContext context = engine.open(depth);
        // Where another thread was faster, this context is as good as one of that engine's.
        boolean unused =
            choice.compareAndSet(null, new Choice(engine, kind, messageOf(whyNotFirst)));
        return context;
      } catch (AioUnavailableException e) {
        whyNotFirst = whyNotFirst == null ? e : whyNotFirst;
      }
    }
    throw whyNotFirst;
  }

  private static String messageOf(AioUnavailableException why) {
    return why == null ? null : why.getMessage();
  }

  private Choice known() {
    Choice made = choice.get();
    return made == null ? expected : made;
  }

  private static AioEngine make(EngineKind kind) {
    return switch (kind) {
      case AUTO -> throw new IllegalArgumentException("kind is AUTO, expected one engine");
      case AIO -> new KernelAio();
      case IO_URING -> new KernelUring();
      case PWRITE -> new PwriteEngine();
    };
  }

  /** The name of the engine that was chosen, as it is asked for; "none" while none has worked. */
  public String chosen() {
    Choice known = known();
    return known == null ? "none" : known.kind().name().toLowerCase(Locale.ROOT);
  }

  /** In one line, why another engine than the first was chosen; null if none was. */
  public String whyNotFirst() {
    Choice known = known();
    return known == null ? null : known.whyNotFirst();
  }

  /** The engine and why, such as "engine pwrite: io_setup(32) says ENOSYS: ...". */
  @Override
  public String toString() {
    return "engine " + chosen() + (whyNotFirst() == null ? "" : ": " + whyNotFirst());
  }
}
