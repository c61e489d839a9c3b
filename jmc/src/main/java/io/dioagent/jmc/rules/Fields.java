package io.dioagent.jmc.rules;

import static org.openjdk.jmc.common.item.Attribute.attr;

import org.openjdk.jmc.common.item.ICanonicalAccessorFactory;
import org.openjdk.jmc.common.unit.IQuantity;
import org.openjdk.jmc.common.unit.UnitLookup;

/**
 * The fields of the events, by name and by the kind of value that JMC reads. The event classes are
 * not used, because JMC has only this jar.
 */
final class Fields {
  static final ICanonicalAccessorFactory<Number> REQUEST_ID =
      attr("requestId", UnitLookup.RAW_NUMBER);
  static final ICanonicalAccessorFactory<String> PATH = attr("path", UnitLookup.PLAIN_TEXT);
  static final ICanonicalAccessorFactory<IQuantity> OFFSET = attr("offset", UnitLookup.MEMORY);
  static final ICanonicalAccessorFactory<IQuantity> LENGTH = attr("length", UnitLookup.MEMORY);
  static final ICanonicalAccessorFactory<IQuantity> RESULT = attr("result", UnitLookup.MEMORY);
  static final ICanonicalAccessorFactory<String> SUBMITTER =
      attr("submitter", UnitLookup.PLAIN_TEXT);
  static final ICanonicalAccessorFactory<String> REASON = attr("reason", UnitLookup.PLAIN_TEXT);
  static final ICanonicalAccessorFactory<IQuantity> ERRNO = attr("errno", UnitLookup.NUMBER);
  static final ICanonicalAccessorFactory<String> ERRNO_NAME =
      attr("errnoName", UnitLookup.PLAIN_TEXT);
  static final ICanonicalAccessorFactory<IQuantity> AGE = attr("ageNanos", UnitLookup.TIMESPAN);
  static final ICanonicalAccessorFactory<IQuantity> DEADLINE =
      attr("deadlineNanos", UnitLookup.TIMESPAN);
  static final ICanonicalAccessorFactory<IQuantity> STALL = attr("stallNanos", UnitLookup.TIMESPAN);
  static final ICanonicalAccessorFactory<Boolean> DELIVERED = attr("delivered", UnitLookup.FLAG);
  static final ICanonicalAccessorFactory<Boolean> PENDING = attr("pending", UnitLookup.FLAG);
  static final ICanonicalAccessorFactory<String> OPERATION =
      attr("operation", UnitLookup.PLAIN_TEXT);
  static final ICanonicalAccessorFactory<String> FAULT = attr("fault", UnitLookup.PLAIN_TEXT);
  static final ICanonicalAccessorFactory<String> POLICY = attr("policy", UnitLookup.PLAIN_TEXT);

  static final ICanonicalAccessorFactory<IQuantity> DIRECT_BYTES =
      attr("directBytes", UnitLookup.MEMORY);
  static final ICanonicalAccessorFactory<IQuantity> BUFFERED_BYTES =
      attr("bufferedBytes", UnitLookup.MEMORY);
  static final ICanonicalAccessorFactory<IQuantity> IOS = attr("ios", UnitLookup.NUMBER);

  static final ICanonicalAccessorFactory<Boolean> DIRECT = attr("direct", UnitLookup.FLAG);
  static final ICanonicalAccessorFactory<IQuantity> OFFSET_ALIGN =
      attr("offsetAlign", UnitLookup.MEMORY);

  static final ICanonicalAccessorFactory<IQuantity> WRITES = attr("writes", UnitLookup.NUMBER);
  static final ICanonicalAccessorFactory<IQuantity> IN_FLIGHT = attr("inFlight", UnitLookup.NUMBER);
  static final ICanonicalAccessorFactory<IQuantity> OLD_IN_FLIGHT =
      attr("oldInFlight", UnitLookup.NUMBER);
  static final ICanonicalAccessorFactory<IQuantity> QUARANTINED_BYTES =
      attr("quarantinedBytes", UnitLookup.MEMORY);
  static final ICanonicalAccessorFactory<IQuantity> BUFFER_BYTES =
      attr("bufferBytes", UnitLookup.MEMORY);
  static final ICanonicalAccessorFactory<IQuantity> OPEN_FILES =
      attr("openFiles", UnitLookup.NUMBER);

  static final ICanonicalAccessorFactory<String> KEY = attr("key", UnitLookup.PLAIN_TEXT);
  static final ICanonicalAccessorFactory<String> VALUE = attr("value", UnitLookup.PLAIN_TEXT);

  private Fields() {}
}
