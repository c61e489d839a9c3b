package io.dioagent.agent.management;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.management.DescriptorKey;

/** The type and the unit of an attribute, which its descriptor has by JMX's own keys. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@SuppressWarnings("exports") // The keys are read by reflection.
public @interface Metric {
  /** Returns "counter" for a number that only grows, "gauge" for a level. */
  @DescriptorKey("metricType")
  String type();

  /** Returns the unit in the notation of OpenTelemetry: By, s, or a thing in braces. */
  @DescriptorKey("units")
  String unit();
}
