package io.dioagent.jmc.report;

import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmc.common.IMCStackTrace;
import org.openjdk.jmc.common.IMCThread;
import org.openjdk.jmc.common.item.IAccessorKey;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.IMemberAccessor;
import org.openjdk.jmc.common.item.IType;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.KindOfQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;

/** One event of a recording, with its fields by name. A missing field is 0 or null. */
final class Row {
  private final Type type;
  private final IItem item;

  private Row(Type type, IItem item) {
    this.type = type;
    this.item = item;
  }

  /** A kind of events. */
  static final class Type {
    private final String name;
    private final Map<String, IMemberAccessor<?, IItem>> fields = new HashMap<>();

    private Type(IType<IItem> type) {
      name = type.getIdentifier();
      for (IAccessorKey<?> key : type.getAccessorKeys().keySet()) {
        fields.put(key.getIdentifier(), type.getAccessor(key));
      }
    }

    static Type of(IItemIterable events) {
      return new Type(events.getType());
    }

    Row row(IItem item) {
      return new Row(this, item);
    }
  }

  /** Returns the event's full name. */
  String name() {
    return type.name;
  }

  /** Returns whether this kind of events has a field; one of an older agent may lack it. */
  boolean has(String field) {
    return type.fields.containsKey(field);
  }

  private Object value(String field) {
    IMemberAccessor<?, IItem> accessor = type.fields.get(field);
    return accessor == null ? null : accessor.getMember(item);
  }

  /** Returns bytes, nanoseconds or a count, according to the field. */
  long number(String field) {
    Object value = value(field);
    if (value instanceof IQuantity quantity) {
      return inBaseUnit(quantity);
    }
    return value instanceof Number number ? number.longValue() : 0;
  }

  private static long inBaseUnit(IQuantity quantity) {
    KindOfQuantity<?> kind = quantity.getUnit().getContentType();
    if (kind == UnitLookup.MEMORY) {
      return quantity.clampedLongValueIn(UnitLookup.BYTE);
    } else if (kind == UnitLookup.TIMESPAN) {
      return quantity.clampedLongValueIn(UnitLookup.NANOSECOND);
    } else if (kind == UnitLookup.TIMESTAMP) {
      return quantity.clampedLongValueIn(UnitLookup.EPOCH_NS);
    }
    return Math.round(quantity.doubleValue());
  }

  String text(String field) {
    Object value = value(field);
    return value == null ? null : value.toString();
  }

  boolean flag(String field) {
    return Boolean.TRUE.equals(value(field));
  }

  /** Returns the start since the epoch. */
  long startNanos() {
    return number("startTime");
  }

  long durationNanos() {
    return Math.max(0, number("duration"));
  }

  /** Returns the end since the epoch. */
  long endNanos() {
    return startNanos() + durationNanos();
  }

  /** Returns the name of the thread that committed the event. */
  String threadName() {
    return value("eventThread") instanceof IMCThread thread ? thread.getThreadName() : null;
  }

  /** Returns the stack of that thread, or null. */
  IMCStackTrace stackTrace() {
    return value("stackTrace") instanceof IMCStackTrace stack ? stack : null;
  }
}
