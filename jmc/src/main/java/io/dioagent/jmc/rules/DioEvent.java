package io.dioagent.jmc.rules;

import org.openjdk.jmc.common.item.IAccessorFactory;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IMemberAccessor;
import org.openjdk.jmc.common.item.IType;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.IUnit;
import org.openjdk.jmc.common.unit.UnitLookup;
import org.openjdk.jmc.flightrecorder.JfrAttributes;

/**
 * An event of dio-agent, with its values in the units that the rules use. A missing value, such as
 * a field of another version, is 0, false or empty. Immutable.
 */
final class DioEvent {
  private final IType<IItem> type;
  private final IItem item;

  DioEvent(IType<IItem> type, IItem item) {
    this.type = type;
    this.item = item;
  }

  /** Returns {@link Fields#REQUEST_ID}; 0 is no request. */
  long requestId() {
    Number id = value(Fields.REQUEST_ID);
    return id == null ? 0 : id.longValue();
  }

  /** Returns the path; empty if the event has no file. */
  String path() {
    return text(Fields.PATH);
  }

  /** Returns the offset; -1 if unknown. */
  long offset() {
    return value(Fields.OFFSET) == null ? -1 : bytes(Fields.OFFSET);
  }

  long lengthBytes() {
    return bytes(Fields.LENGTH);
  }

  String text(IAccessorFactory<String> field) {
    String text = value(field);
    return text == null ? "" : text;
  }

  boolean flag(IAccessorFactory<Boolean> field) {
    return Boolean.TRUE.equals(value(field));
  }

  /** Whether a flag is recorded as false; an older recording may lack it. */
  boolean denies(IAccessorFactory<Boolean> field) {
    return Boolean.FALSE.equals(value(field));
  }

  long bytes(IAccessorFactory<IQuantity> field) {
    return in(UnitLookup.BYTE, field);
  }

  long count(IAccessorFactory<IQuantity> field) {
    return in(UnitLookup.NUMBER_UNITY, field);
  }

  long nanos(IAccessorFactory<IQuantity> field) {
    return in(UnitLookup.NANOSECOND, field);
  }

  long durationNanos() {
    return nanos(JfrAttributes.DURATION);
  }

  /** Returns the start since the epoch. */
  long startNanos() {
    return in(UnitLookup.EPOCH_NS, JfrAttributes.START_TIME);
  }

  private long in(IUnit unit, IAccessorFactory<IQuantity> field) {
    IQuantity quantity = value(field);
    return quantity == null ? 0 : quantity.clampedLongValueIn(unit);
  }

  private <T> T value(IAccessorFactory<T> field) {
    IMemberAccessor<? extends T, IItem> accessor = field.getAccessor(type);
    return accessor == null ? null : accessor.getMember(item);
  }
}
